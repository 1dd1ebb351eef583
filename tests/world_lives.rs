//! What happens in the world of `examples/world`, against the rates that it was specified with: who lives together, the
//! events of lives, organisations, and the pairs that are easily taken for one.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../examples/world/mod.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::OnceLock;

use world::World;
use world::calendar::{Day, YEAR};
use world::contact::contacts;
use world::hard_negatives::Kind;
use world::household::{MOST_MEMBERS, household, person};
use world::organisation::{Organisation, organisation};
use world::person::{Bond, Person};
use world::sources::Source;
use world::tier::Tier;
use world::truth;

const HOUSEHOLDS: u64 = 30_000;
const ORGANISATIONS: u64 = 15_000;

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| World::new(7, Tier::Typical, HOUSEHOLDS, ORGANISATIONS, &Source::ALL))
}

fn households() -> &'static [Vec<Person>] {
    thread_local! {
        static ALL: &'static [Vec<Person>] =
            Box::leak((0..HOUSEHOLDS).map(|number| household(world(), number)).collect());
    }
    ALL.with(|all| *all)
}

fn organisations() -> impl Iterator<Item = Organisation> {
    (0..ORGANISATIONS).map(|number| organisation(world(), number))
}

fn files() -> &'static BTreeMap<&'static str, Vec<u8>> {
    static FILES: OnceLock<BTreeMap<&'static str, Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| world::export::in_memory(world()).into_iter().collect())
}

/// The rows of a file of the truth.
fn rows(file: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(files()[file].as_slice()).records().collect::<Result<_, _>>().unwrap()
}

fn check(what: &str, found: f64, expected: std::ops::RangeInclusive<f64>) {
    println!("{what:60} {found:.5}  (expected {expected:?})");
    assert!(expected.contains(&found), "{what}: {found}");
}

/// Checks a rate to a tenth of its size, or as far as chance moves it.
fn check_rate(what: &str, hits: usize, of: f64, expected: f64) {
    let found = hits as f64 / of;
    let tolerance = (0.1 * expected).max(4.0 * (expected / of).sqrt());
    check(what, found, expected - tolerance..=expected + tolerance);
}

fn start() -> Day {
    world().start() - 1
}

fn people() -> impl Iterator<Item = &'static Person> {
    households().iter().flatten()
}

#[test]
fn lives_change_at_the_rates_of_the_specification() {
    let years = f64::from(world().years());
    // The dead have no events: they count half of the time.
    let died = people().filter(|person| person.died.is_some()).count();
    let lived = years * (people().count() as f64 - died as f64 / 2.0);
    let adult = |person: &&Person| start() - person.born >= 18 * YEAR;
    let adults = years * people().filter(adult).count() as f64;
    let steps = |of: fn(&Person) -> usize| people().map(of).sum::<usize>();

    check_rate("moves", steps(|person| person.home.steps().count()), lived, 0.10);
    check_rate("new mailboxes", steps(|person| person.mailbox.steps().count()), lived, 0.10);
    check_rate("new mobile numbers", steps(|person| person.mobile.steps().count()), lived, 0.06);
    check_rate("deaths", died, lived, 0.008);
    let wed: Vec<&Person> = people().filter(|person| person.married.is_some()).collect();
    check_rate("weddings of adults", wed.len(), adults, 0.010);
    check_rate(
        "divorces of adults",
        people().filter(|person| person.divorced.is_some()).count(),
        adults,
        0.003,
    );

    let brides: Vec<&&Person> =
        wed.iter().filter(|person| person.gender == world::names::Gender::Female).collect();
    let names = |person: &Person| {
        let day = person.married.unwrap();
        let (before, after) = (&person.family.on(day - 1).name.text, &person.family.on(day).name.text);
        (before == after, after.starts_with(&format!("{before}-")))
    };
    let kept = brides.iter().filter(|bride| names(bride).0).count();
    let hyphenated = brides.iter().filter(|bride| names(bride).1).count();
    check("brides who keep their name", kept as f64 / brides.len() as f64, 0.11..=0.19);
    check("brides with both names", hyphenated as f64 / brides.len() as f64, 0.05..=0.10);

    let (mut together, mut moves) = (0, 0);
    for members in households().iter().filter(|members| members.len() > 1) {
        let days: BTreeSet<Day> = members[0].home.steps().map(|(day, ..)| day).collect();
        for member in members {
            let own: BTreeSet<Day> = member.home.steps().map(|(day, ..)| day).collect();
            moves += own.len();
            together += own.intersection(&days).count();
        }
    }
    check("moves of several people that are of the household", together as f64 / moves as f64, 0.63..=0.77);
}

#[test]
fn nobody_changes_after_death() {
    for person in people() {
        let Some(died) = person.died else { continue };
        assert_eq!(person.state(died - 1) + 1, person.state(Day::MAX), "{person:?}");
        assert!(person.married.is_none_or(|day| day < died) && person.divorced.is_none_or(|day| day < died));
    }
}

#[test]
fn events_follow_each_other() {
    for person in people() {
        let days: Vec<Day> = person.home.steps().map(|(day, ..)| day).collect();
        assert!(days.is_sorted());
        let period = start()..=start() + world().years() * YEAR;
        assert!(days.iter().all(|day| period.contains(day)));
        assert!(person.divorced.is_none_or(|day| person.married.is_none_or(|wedding| wedding < day)));
    }
}

#[test]
fn more_years_bring_more_events() {
    let long = World::new(7, Tier::Dirty, 3_000, 0, &[Source::Crm]).over_years(8);
    let moves = |world: &World| {
        (0..3_000).flat_map(|number| household(world, number)).map(|person| person.home.steps().count()).sum()
    };
    let (long, short): (usize, usize) =
        (moves(&long), moves(&World::new(7, Tier::Dirty, 3_000, 0, &[Source::Crm])));
    check("moves in eight years, to those in five", long as f64 / short as f64, 1.45..=1.75);
}

#[test]
fn households_are_as_in_the_census() {
    let sizes = [0.408, 0.341, 0.120, 0.096, 0.035];
    for (at, expected) in sizes.into_iter().enumerate() {
        let count = households().iter().filter(|members| (members.len() - 1).min(4) == at).count();
        check_rate(&format!("households of {}", at + 1), count, HOUSEHOLDS as f64, expected);
    }
    let (mut couples, mut same, mut children, mut of_head) = (0, 0, 0, 0);
    let (mut siblings, mut twins) = (0, 0);
    let (mut shared, mut several, mut flat_shares) = (0, 0, 0);
    for members in households().iter().filter(|members| members.len() > 1) {
        several += 1;
        let surname = |person: &Person| person.family.on(start()).name.text.clone();
        let head = surname(&members[0]);
        if members[1].couple {
            couples += 1;
            // A double name holds the one of the partner.
            same += usize::from(surname(&members[1]).starts_with(&head));
            for child in &members[2..] {
                children += 1;
                of_head += usize::from(surname(child) == head);
                twins += 2 * usize::from(child.doubles.iter().any(|(kind, _)| *kind == Kind::Twins));
            }
            siblings += if members.len() > 3 { members.len() - 2 } else { 0 };
        }
        let mailbox = members[0].mailbox.on(start());
        shared += usize::from(
            members
                .iter()
                .filter(|member| mailbox.is_some() && member.mailbox.on(start()) == mailbox)
                .count()
                > 1,
        );
        let surnames: BTreeSet<String> = members.iter().map(surname).collect();
        flat_shares += usize::from(
            members.iter().all(|member| member.bond == Bond::Single) && surnames.len() == members.len(),
        );
        for member in members {
            assert_eq!(member.home.on(start()).landline, members[0].home.on(start()).landline);
        }
    }
    check_rate("couples with one surname", same, f64::from(couples), 0.75);
    check_rate("children with the surname of the head", of_head, f64::from(children), 0.95);
    check_rate("siblings who are twins", twins, siblings as f64, 0.015);
    check("households with one mailbox", shared as f64 / f64::from(several), 0.04..=0.065);
    check("flats of people with several surnames", flat_shares as f64 / f64::from(several), 0.02..=0.12);
}

#[test]
fn organisations_are_as_specified() {
    let all: Vec<Organisation> = organisations().collect();
    let people_at: Vec<usize> =
        all.iter().map(|one| contacts(world(), &Rc::new(one.clone())).len()).collect();
    let contacts_of_all: usize = people_at.iter().sum();
    let entities = people().count() + all.len() + contacts_of_all;
    check("entities that are organisations", all.len() as f64 / entities as f64, 0.14..=0.16);
    assert!(people_at.iter().all(|&count| count <= 50) && people_at.iter().any(|&count| count >= 40));
    check(
        "organisations with one contact",
        people_at.iter().filter(|&&count| count == 1).count() as f64 / all.len() as f64,
        0.5..=0.8,
    );

    let several: Vec<&Organisation> = all.iter().filter(|one| one.owner.is_none()).collect();
    let lived = f64::from(world().years()) * several.len() as f64;
    let steps = |of: fn(&Organisation) -> usize| several.iter().map(|one| of(one)).sum::<usize>();
    let merged = several.iter().filter(|one| one.merged.is_some()).count();
    check_rate("relocations", steps(|one| one.home.steps().count()), lived, 0.04);
    check_rate("renamings", steps(|one| one.core.steps().count()) - merged, lived, 0.01);
    check_rate("mergers", merged, lived, 0.005);
    check(
        "changes of the legal form",
        (steps(|one| one.form.steps().count()) - merged) as f64 / lived,
        0.005..=0.011,
    );
    check_rate(
        "trade names",
        several.iter().filter(|one| one.trade_name.is_some()).count(),
        several.len() as f64,
        0.12,
    );
    check_rate(
        "acronyms",
        several.iter().filter(|one| one.acronym.is_some()).count(),
        several.len() as f64,
        0.06,
    );

    // A company is all of its branches.
    let mut companies: BTreeMap<u64, usize> = BTreeMap::new();
    let mut first = 0;
    for one in &all {
        let branch = world::organisation::doubles(world(), one.number);
        if !branch.contains(&(Kind::Branches, one.number.wrapping_sub(1))) {
            first = one.number;
        }
        *companies.entry(first).or_default() += 1;
    }
    let branched = companies.values().filter(|&&count| count > 1).count();
    check("companies with branches", branched as f64 / companies.len() as f64, 0.06..=0.10);
    assert!(companies.values().all(|&count| count <= 20) && companies.values().any(|&count| count >= 15));

    let (mut employed, mut left, mut role, mut of_role) = (0.0, 0, 0, 0);
    for one in several.iter().take(4_000) {
        for contact in contacts(world(), &Rc::new((*one).clone())) {
            employed += f64::from(world().years());
            left += contact.job.steps().count();
            if one.mailbox.is_some() {
                of_role += 1;
                role += usize::from(*contact.mailbox.on(start()) == one.mailbox);
            }
        }
    }
    check_rate("changes of the employer", left, employed, 0.10);
    check_rate("contacts with a role mailbox", role, f64::from(of_role), 0.15);
}

/// Every label with whom it stands for.
fn labels() -> BTreeMap<String, u64> {
    people()
        .map(|person| (truth::of_person(world(), person.number), person.number))
        .chain((0..ORGANISATIONS).map(|number| (truth::of_organisation(world(), number), number)))
        .collect()
}

#[test]
fn hard_negatives_are_what_their_kinds_say() {
    let labels = labels();
    let entities: BTreeSet<String> = rows("truth.csv").iter().map(|row| row[2].to_owned()).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows("truth_hard_negatives.csv") {
        let kind = *Kind::ALL.iter().find(|kind| kind.name() == &row[0]).unwrap();
        *counts.entry(row[0].to_owned()).or_default() += 1;
        assert!(row[1] != row[2] && entities.contains(&row[1]) && entities.contains(&row[2]), "{row:?}");
        let [Some(&one), Some(&other)] = [labels.get(&row[1]), labels.get(&row[2])] else {
            assert!(matches!(kind, Kind::Colleagues | Kind::RoleMailbox), "{row:?}");
            continue;
        };
        match kind {
            Kind::Branches | Kind::Franchise => {
                organisations_match(kind, &organisation(world(), one), &organisation(world(), other));
            }
            Kind::OwnerOf => {
                let (owner, company) = (person(world(), one), organisation(world(), other));
                assert!(company.core.on(start()).contains(owner.given));
                let (of_owner, of_company) = (owner.home.on(start()), company.home.on(start()));
                assert_eq!(of_owner.address.street, of_company.address.street);
                assert_eq!(of_owner.address.number, of_company.address.number);
            }
            _ => people_match(kind, &person(world(), one), &person(world(), other)),
        }
    }
    for kind in Kind::ALL {
        check(kind.name(), counts.get(kind.name()).copied().unwrap_or_default() as f64, 5.0..=100_000.0);
    }
    let mut doubles: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for person in people() {
        let postal_code = person.home.on(start()).address.postal_code;
        *doubles.entry((person.given, &person.family.on(start()).name.text, postal_code)).or_default() += 1;
    }
    let with_double: usize = doubles.values().filter(|&&people| people > 1).sum();
    check(
        "people with a double in their postal code",
        with_double as f64 / people().count() as f64,
        0.003..=0.01,
    );
    let namesakes = counts["namesakes"] as f64;
    // Two of a pair have a double; heads of households appear nine times out of ten.
    check(
        "namesakes in a postal code, of all who appear",
        2.0 * namesakes / entities.len() as f64,
        0.001_5..=0.005,
    );
}

fn people_match(kind: Kind, one: &Person, other: &Person) {
    let surname = |person: &Person| person.family.on(start()).name.text.clone();
    let household = |person: &Person| person.number / MOST_MEMBERS;
    let (same_surname, same_household) = (surname(one) == surname(other), household(one) == household(other));
    let holds = match kind {
        Kind::Surname => same_surname && same_household,
        Kind::FamilyMailbox => {
            same_household
                && one.mailbox.on(start()).is_some()
                && one.mailbox.on(start()) == other.mailbox.on(start())
        }
        Kind::ParentAndChild => {
            same_surname
                && same_household
                && one.given == other.given
                && (one.born - other.born).abs() > 14 * YEAR
        }
        Kind::Twins => same_surname && same_household && one.born == other.born && one.given != other.given,
        Kind::Namesakes => {
            let postal_code = |person: &Person| person.home.on(start()).address.postal_code;
            same_surname
                && !same_household
                && one.given == other.given
                && postal_code(one) == postal_code(other)
        }
        Kind::Successor => {
            let left = other.home.on(start());
            one.home.steps().any(|(day, _, home)| {
                home.landline == left.landline
                    && home.address.street == left.address.street
                    && home.address.number == left.address.number
                    && other.home.on(day).landline != left.landline
            })
        }
        Kind::RecycledPhone => {
            let given_up = other.mobile.on(start());
            one.mobile
                .steps()
                .any(|(day, _, next)| next.is_some() && next == given_up && other.mobile.on(day) != given_up)
        }
        Kind::RelayMailbox => {
            let mailbox = one.relay.clone().unwrap();
            let orders = &files()[Source::Orders.file()];
            let orders = std::str::from_utf8(orders).unwrap();
            orders.matches(&mailbox).count() >= 2 && other.relay == one.relay
        }
        Kind::Colleagues | Kind::RoleMailbox | Kind::Branches | Kind::Franchise | Kind::OwnerOf => false,
    };
    assert!(holds, "{kind:?}\n{one:?}\n{other:?}");
}

fn organisations_match(kind: Kind, one: &Organisation, other: &Organisation) {
    let home = |organisation: &Organisation| organisation.home.on(start()).clone();
    assert_ne!(home(one).landline, home(other).landline);
    if kind == Kind::Branches {
        assert_eq!(one.legal_name(start()), other.legal_name(start()));
        assert!(
            home(one).address.street != home(other).address.street
                || home(one).address.number != home(other).address.number
        );
    } else {
        assert!(one.franchise.is_some() && one.franchise == other.franchise);
        assert_ne!(one.legal_name(start()), other.legal_name(start()));
        assert_ne!(home(one).address.city.name, home(other).address.city.name);
    }
}

#[test]
fn colleagues_share_switchboard_or_mailbox() {
    let (mut colleagues, mut role) = (BTreeSet::new(), BTreeSet::new());
    for one in organisations() {
        let own = truth::of_organisation(world(), one.number);
        let switchboard = one.home.on(start()).landline.clone();
        for contact in contacts(world(), &Rc::new(one.clone())) {
            let label = truth::of_person(world(), contact.number);
            if contact.home.on(start()).landline == switchboard {
                colleagues.insert((label.clone(), one.number));
            }
            if one.mailbox.is_some() && *contact.mailbox.on(start()) == one.mailbox {
                role.insert((label, own.clone()));
            }
        }
    }
    let employers: BTreeMap<&String, u64> =
        colleagues.iter().map(|(label, organisation)| (label, *organisation)).collect();
    let mut pairs = 0;
    for row in rows("truth_hard_negatives.csv") {
        match &row[0] {
            "colleagues" => {
                assert_eq!(employers[&row[1].to_owned()], employers[&row[2].to_owned()]);
                pairs += 1;
            }
            "role_mailbox" => assert!(role.contains(&(row[1].to_owned(), row[2].to_owned()))),
            _ => {}
        }
    }
    check("pairs of colleagues, to organisations", f64::from(pairs) / ORGANISATIONS as f64, 0.1..=1.0);
}

#[test]
fn the_counts_are_those_of_the_rows() {
    let mut counts = Kind::ALL.map(|kind| (kind, 0));
    for block in 0..world().blocks() {
        let block = world().block(block);
        let rows = &block.truths[world::truth::TruthFile::HardNegatives as usize];
        world::hard_negatives::count(rows, &mut counts);
    }
    let mut counted: BTreeMap<&str, u64> = counts.iter().map(|(kind, count)| (kind.name(), *count)).collect();
    for row in rows("truth_hard_negatives.csv") {
        *counted.get_mut(&row[0]).unwrap() -= 1;
    }
    assert!(counted.values().all(|&left| left == 0), "{counted:?}");
}

#[test]
fn events_are_written_of_all_who_appear() {
    let mut written: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in rows("truth_events.csv") {
        assert!(row[2].len() == 10 && row[2].starts_with("20"), "{row:?}");
        *written.entry((row[0].to_owned(), row[1].to_owned())).or_default() += 1;
    }
    let entities: BTreeSet<String> = rows("truth.csv").iter().map(|row| row[2].to_owned()).collect();
    assert!(written.keys().all(|(entity, _)| entities.contains(entity)));
    let kinds: BTreeSet<&str> = written.keys().map(|(_, kind)| kind.as_str()).collect();
    let expected = [
        "death",
        "divorce",
        "legal_form",
        "marriage",
        "merger",
        "move",
        "new_employer",
        "new_mailbox",
        "new_phone",
        "relocation",
        "rename",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    for person in people().take(5_000) {
        let label = truth::of_person(world(), person.number);
        let appears = entities.contains(&label);
        assert_eq!(appears, world().has_person(person.number));
        for (kind, events) in [
            ("move", person.home.steps().count()),
            ("new_phone", person.mobile.steps().count()),
            ("death", usize::from(person.died.is_some())),
        ] {
            let found = written.get(&(label.clone(), kind.to_owned())).copied().unwrap_or_default();
            assert_eq!(found, if appears { events } else { 0 }, "{kind} of {label}");
        }
    }
}
