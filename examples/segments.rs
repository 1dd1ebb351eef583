//! Segments of the sample's customers: three ready-made ones, one of several conditions, their overlap, and why a customer
//! is in or not.

mod shared;

use std::process::ExitCode;

use onefold::segment::{self, Audience, Expr, Top, field};
use onefold::value::Currency;
use onefold::{EntityId, Pipeline};
use shared::output::{Outcome, print, tell};

/// The spec of the sample exports.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/unify/spec.toml");

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::from(2)
        }
    }
}

fn run() -> Outcome<()> {
    if let Some(word) = std::env::args_os().nth(1) {
        let help = ["--help", "-h"].iter().any(|option| word == *option);
        let usage = "usage: segments (it takes no arguments)";
        return if help { print(format_args!("{usage}\n")) } else { Err(usage.into()) };
    }
    let unified = Pipeline::from_toml(SAMPLE)?.run()?;
    let columns = unified.profile_columns();
    let euro: Currency = "EUR".parse()?;

    let top = segment::top_customers_by_revenue(&columns, euro, Top::Share(0.1))?;
    let lapsed = segment::no_order_for(180);
    let win_back = top.clone() & lapsed.clone() & field::email().exists() & !field::country().is("CH");
    let segments: [(&str, Expr); 4] = [
        ("top customers", top),
        ("one-time buyers", segment::one_time_buyers()),
        ("lapsed", lapsed),
        ("to win back", win_back),
    ];
    let audiences: Vec<Audience> =
        segments.iter().map(|(_, expr)| unified.audience(expr, &columns)).collect();

    let mut lines = vec![format!("{} customers as of {}", columns.len(), unified.instant()), String::new()];
    for ((name, expr), audience) in segments.iter().zip(&audiences) {
        lines.push(format!("{:>6}  {name}: {expr}", audience.len()));
    }
    lines.push(String::new());
    let both = audiences[0].intersection(&audiences[2]);
    lines.push(format!("{} of the top customers have lapsed", both.len()));

    let profiles = unified.profiles();
    let (name, expr) = &segments[3];
    let inside = audiences[3].iter().next();
    let outside = audiences[0].difference(&audiences[3]).iter().next();
    for entity in [inside, outside].into_iter().flatten() {
        lines.push(String::new());
        lines.push(why(name, expr, entity, &unified, &profiles));
    }
    print(format_args!("{}\n", lines.join("\n")))
}

/// The conditions of a segment with what a customer's profile says to each.
fn why(
    name: &str,
    expr: &Expr,
    entity: EntityId,
    unified: &onefold::Unified,
    profiles: &onefold::profile::Profiles<'_>,
) -> String {
    let profile = profiles.get(entity);
    let full =
        profile.name.as_ref().map_or_else(|| profile.customer_id.to_string(), |name| name.full.clone());
    format!("{full}, {name}:\n{}", segment::explain(expr, &profile, unified.instant()))
}
