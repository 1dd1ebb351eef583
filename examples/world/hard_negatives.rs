//! Pairs that are easily taken for one: members of a household, namesakes, branches, successors. They are written with
//! the truth by their kinds, those of which both appear in the exports. In a world of a number of rows a few of the others
//! can be among the last who did not fit.

use super::World;
use super::organisation::{self, Organisation};
use super::person::Person;
use super::rows::Rows;
use super::truth;

/// The header of the file.
pub(crate) const HEADER: &str = "kind,entity,other";

/// What makes two seem one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Two of a household with one surname.
    Surname,
    /// Two of a household with one mailbox.
    FamilyMailbox,
    /// A child with the name of a parent.
    ParentAndChild,
    Twins,
    /// Two of one full name in a postal code.
    Namesakes,
    /// The next tenant of a home, with the landline of the last.
    Successor,
    /// The next owner of a mobile number.
    RecycledPhone,
    /// Two to whom a marketplace gave one mailbox.
    RelayMailbox,
    /// Two at one company with the number of its switchboard.
    Colleagues,
    /// Somebody who uses a mailbox of the company itself.
    RoleMailbox,
    /// Branches of one company; each is an entity of its own.
    Branches,
    /// Two companies under one trade name in different cities.
    Franchise,
    /// A person and the company that consists of this person.
    OwnerOf,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Kind; 13] = [
        Kind::Surname,
        Kind::FamilyMailbox,
        Kind::ParentAndChild,
        Kind::Twins,
        Kind::Namesakes,
        Kind::Successor,
        Kind::RecycledPhone,
        Kind::RelayMailbox,
        Kind::Colleagues,
        Kind::RoleMailbox,
        Kind::Branches,
        Kind::Franchise,
        Kind::OwnerOf,
    ];

    /// The name in the file.
    pub(crate) fn name(self) -> &'static str {
        [
            "household_surname",
            "household_mailbox",
            "parent_and_child",
            "twins",
            "namesakes",
            "successor_tenant",
            "recycled_phone",
            "relay_mailbox",
            "colleagues",
            "role_mailbox",
            "branches",
            "franchise",
            "owner_of",
        ][self as usize]
    }
}

/// Adds the pairs of these rows to the counts of their kinds.
pub(crate) fn count(rows: &Rows, counts: &mut [(Kind, u64)]) {
    for row in rows.iter() {
        let kind = row.split(|&byte| byte == b',').next().unwrap_or_default();
        if let Some((_, count)) = counts.iter_mut().find(|(known, _)| known.name().as_bytes() == kind) {
            *count += 1;
        }
    }
}

/// Writes pairs into the rows of their file.
#[derive(Debug)]
pub(crate) struct HardNegatives<'a> {
    pub(crate) rows: &'a mut Rows,
}

impl HardNegatives<'_> {
    /// Adds the pairs of the members of a household, with each other and with people of other ones; `entities` are the
    /// labels of those members who appear.
    pub(crate) fn of_household(&mut self, world: &World, members: &[Person], entities: &[Option<String>]) {
        let start = world.start() - 1;
        let mut labelled =
            members.iter().zip(entities).filter_map(|(member, of)| Some((member, of.as_deref()?)));
        while let Some((one, entity)) = labelled.next() {
            let (surname, mailbox) = (&one.family.on(start).name.text, one.mailbox.on(start));
            for (other, of_other) in labelled.clone() {
                if *surname == other.family.on(start).name.text {
                    self.push(Kind::Surname, entity, of_other);
                }
                if mailbox.is_some() && mailbox == other.mailbox.on(start) {
                    self.push(Kind::FamilyMailbox, entity, of_other);
                }
            }
            for &(kind, number) in &one.doubles {
                match members.iter().position(|member| member.number == number) {
                    Some(at) => {
                        if let Some(of_other) = &entities[at] {
                            self.push(kind, entity, of_other);
                        }
                    }
                    None if meet(world, kind, one, number) => {
                        self.push(kind, entity, &truth::of_person(world, number));
                    }
                    None => {}
                }
            }
        }
    }

    /// Adds the pairs of an organisation that appears, under its label, with other organisations and its owner.
    pub(crate) fn of_organisation(&mut self, world: &World, one: &Organisation, entity: &str) {
        for (kind, number) in organisation::doubles(world, one.number) {
            let other = organisation::organisation(world, number);
            let city =
                |organisation: &Organisation| organisation.home.on(world.start() - 1).address.city.name;
            let apart = kind != Kind::Franchise || city(one) != city(&other);
            if apart && world.has_organisation(&other) {
                self.push(kind, entity, &truth::of_organisation(world, number));
            }
        }
        if let Some(owner) = &one.owner
            && world.has_person(owner.number)
        {
            self.push(Kind::OwnerOf, &truth::of_person(world, owner.number), entity);
        }
    }

    /// Adds the pairs of people who work for an organisation and appear; `entity` is the label of the organisation if
    /// it appears too. Of many who share a number each is paired with the next.
    pub(crate) fn of_contacts(
        &mut self,
        world: &World,
        one: &Organisation,
        contacts: &[Person],
        entity: Option<&str>,
    ) {
        let start = world.start() - 1;
        let switchboard = &one.home.on(start).landline;
        let mut last: Option<String> = None;
        for contact in contacts {
            let at_switchboard = contact.home.on(start).landline == *switchboard;
            let role = one.mailbox.is_some() && *contact.mailbox.on(start) == one.mailbox;
            if !at_switchboard && !role {
                continue;
            }
            let person = truth::of_person(world, contact.number);
            if let Some(entity) = entity.filter(|_| role) {
                self.push(Kind::RoleMailbox, &person, entity);
            }
            if at_switchboard {
                if let Some(last) = &last {
                    self.push(Kind::Colleagues, last, &person);
                }
                last = Some(person);
            }
        }
    }

    fn push(&mut self, kind: Kind, entity: &str, other: &str) {
        self.rows.push(&[kind.name(), entity, other]);
    }
}

/// Whether somebody of another household appears, and with what two have in common if it is not part of their lives.
fn meet(world: &World, kind: Kind, one: &Person, other: u64) -> bool {
    match one.relay.as_deref().filter(|_| kind == Kind::RelayMailbox) {
        Some(relay) => [one.number, other].into_iter().all(|number| world.shows(number, relay.as_bytes())),
        None => world.has_person(other),
    }
}
