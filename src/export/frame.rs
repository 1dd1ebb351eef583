//! Data frames, and Parquet written in row groups.

use std::borrow::Cow;
use std::io::{self, Write};

use polars::prelude::{
    BatchedWriter, Column, DataFrame, DataType, IntoColumn, IntoSeries, ListBuilderTrait,
    ListStringChunkedBuilder, NamedFrom, ParquetWriter, PolarsError, PolarsResult, Series, TimeUnit,
};
use rayon::prelude::*;

use super::CHUNK;
use crate::error::{Error, Result};
use crate::fact::Revenue;
use crate::id::{EntityId, FieldId};
use crate::profile::{Address, ContactPoint, Profile, ProfileName, Profiles};
use crate::record::Records;
use crate::survive::Survivorship;
use crate::value::{Currency, Instant};

/// All profiles as one data frame, a row per customer.
///
/// Columns: `customer_id`, `class`; the golden name as `name`, `given_name`, `middle_name`, `family_name`,
/// `name_suffix`; `organisation`, `gender`, `birth_date`; the best of several as `email`, `phone`, `street`,
/// `house_number`, `address_extra`, `postal_code`, `city`, `region`, `country`, and all of them as the lists `emails`
/// and `phones`; `household_id`; the lists `sources` and `keys` of the records, in the same order; `order_count`,
/// `first_order` and `last_order` (date-times in UTC); and for each currency of the run, such as EUR, `net_revenue_eur`,
/// `paid_orders_eur` and `average_basket_eur`.
///
/// # Errors
/// If polars refuses the columns, which would be a defect.
///
/// ```
/// # use onefold::{Error, Unified, export};
/// fn rows(unified: &Unified) -> Result<usize, Error> {
///     Ok(export::profile_frame(&unified.profiles())?.height())
/// }
/// ```
pub fn profile_frame(profiles: &Profiles<'_>) -> Result<DataFrame> {
    let all: Vec<Profile> = profiles.map(|profile| profile);
    frame_of(&all, &profiles.currencies()).map_err(|error| defect(&error))
}

/// Writes the rows of [`profile_frame`] as Parquet, a row group for each piece of 16,384 profiles.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn parquet(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut bytes = Vec::new();
///     export::write_profiles_parquet(&unified.profiles(), &mut bytes)?;
///     Ok(bytes)
/// }
/// ```
pub fn write_profiles_parquet(profiles: &Profiles<'_>, out: impl Write) -> io::Result<()> {
    let currencies = profiles.currencies();
    let mut writer = RowGroups::new(out, &frame_of(&[], &currencies).map_err(unwritable)?)?;
    profiles.map_chunks(
        CHUNK,
        |profile| profile,
        |profiles| writer.write(&frame_of(&profiles, &currencies).map_err(unwritable)?),
    )?;
    writer.finish()
}

/// What became of every value that the records state, as one data frame.
///
/// Columns: `customer_id`; `field`; the canonical `value`; its `fate`: `won`, `supports` a winner, or `lost`; the record
/// that states it as `source` and `key`, empty for a value that was computed or pinned; `changed_at`, by the clocks of the
/// rule; `stage`, which of the rules decided; of winners the `confidence`; and the `reason`: of what lost, the comparator
/// that removed it, and of what won, the one that put it before the next best.
///
/// # Errors
/// If polars refuses the columns, which would be a defect.
///
/// ```
/// # use onefold::{Error, Unified, export};
/// fn stated_values(unified: &Unified) -> Result<usize, Error> {
///     let frame = export::lineage_frame(&unified.survivorship(), &unified.records, &unified.profiles())?;
///     Ok(frame.height())
/// }
/// ```
pub fn lineage_frame(
    survivorship: &Survivorship<'_>,
    records: &Records,
    profiles: &Profiles<'_>,
) -> Result<DataFrame> {
    let rows = lineage_rows(survivorship, records, profiles, 0..profiles.len());
    lineage_of(&rows).map_err(|error| defect(&error))
}

/// Writes the rows of [`lineage_frame`] as Parquet, a row group for each piece of 16,384 customers.
///
/// # Errors
/// If `out` cannot be written.
///
/// ```
/// # use onefold::{Unified, export};
/// fn parquet(unified: &Unified) -> std::io::Result<Vec<u8>> {
///     let mut bytes = Vec::new();
///     export::write_lineage_parquet(&unified.survivorship(), &unified.records, &unified.profiles(), &mut bytes)?;
///     Ok(bytes)
/// }
/// ```
pub fn write_lineage_parquet(
    survivorship: &Survivorship<'_>,
    records: &Records,
    profiles: &Profiles<'_>,
    out: impl Write,
) -> io::Result<()> {
    let mut writer = RowGroups::new(out, &lineage_of(&[]).map_err(unwritable)?)?;
    for start in (0..profiles.len()).step_by(CHUNK) {
        let entities = start..profiles.len().min(start + CHUNK);
        let rows = lineage_rows(survivorship, records, profiles, entities);
        writer.write(&lineage_of(&rows).map_err(unwritable)?)?;
    }
    writer.finish()
}

/// A Parquet file to which frames are added as row groups.
struct RowGroups<W: Write> {
    writer: BatchedWriter<W>,
}

impl<W: Write> RowGroups<W> {
    /// `empty` has the columns.
    fn new(out: W, empty: &DataFrame) -> io::Result<Self> {
        // One thread: the caller decides on how many there are, and polars has a pool of its own.
        let writer =
            ParquetWriter::new(out).set_parallel(false).batched(empty.schema()).map_err(unwritable)?;
        Ok(RowGroups { writer })
    }

    fn write(&mut self, frame: &DataFrame) -> io::Result<()> {
        if frame.height() == 0 {
            return Ok(());
        }
        self.writer.write_batch(frame).map_err(unwritable)
    }

    fn finish(self) -> io::Result<()> {
        self.writer.finish().map(drop).map_err(unwritable)
    }
}

fn unwritable(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        other => io::Error::other(other.to_string()),
    }
}

fn defect(error: &PolarsError) -> Error {
    Error::config("data frame", error.to_string())
}

/// One value that a record states.
struct Stated<'a> {
    customer: String,
    field: String,
    value: Cow<'a, str>,
    fate: &'static str,
    source: &'a str,
    key: &'a str,
    changed_at: Option<String>,
    stage: &'static str,
    confidence: Option<f64>,
    reason: Option<String>,
}

fn lineage_rows<'a>(
    survivorship: &Survivorship<'_>,
    records: &'a Records,
    profiles: &Profiles<'_>,
    entities: std::ops::Range<usize>,
) -> Vec<Stated<'a>> {
    let of_entity = |entity: usize| {
        let entity = EntityId(entity as u32);
        let customer = profiles.customer_of(entity).to_string();
        let mut rows = Vec::new();
        for (at, column) in records.columns().iter().enumerate() {
            let field = FieldId(at as u16);
            let lineage = survivorship.lineage(entity, field);
            let row = |value, fate, reason| Stated {
                customer: customer.clone(),
                field: column.field().to_string(),
                value,
                fate,
                source: "",
                key: "",
                changed_at: None,
                stage: lineage.stage.as_str(),
                confidence: (fate == "won").then_some(lineage.confidence),
                reason,
            };
            rows.extend(lineage.text.iter().map(|text| row(Cow::Owned(text.clone()), "won", None)));
            let mut push = |value, record, fate, reason| {
                let (source, key) = records.raw().key(record);
                let changed_at = survivorship.changed(record, field).map(|changed| changed.to_string());
                let row = row(Cow::Borrowed(column.text(value)), fate, reason);
                rows.push(Stated { source, key, changed_at, ..row });
            };
            let decided = || lineage.decided_by.as_ref().map(ToString::to_string);
            lineage.winners.iter().for_each(|won| push(won.value, won.record, "won", decided()));
            lineage.supporters.iter().for_each(|other| push(other.value, other.record, "supports", None));
            for lost in &lineage.losers {
                push(lost.value, lost.record, "lost", Some(lost.reason.to_string()));
            }
        }
        rows
    };
    entities.into_par_iter().flat_map_iter(of_entity).collect()
}

fn lineage_of(rows: &[Stated<'_>]) -> PolarsResult<DataFrame> {
    let texts = |name: &str, text: &dyn Fn(&Stated<'_>) -> Option<String>| {
        Column::new(name.into(), rows.iter().map(text).collect::<Vec<Option<String>>>())
    };
    DataFrame::new_infer_height(vec![
        texts("customer_id", &|row| Some(row.customer.clone())),
        texts("field", &|row| Some(row.field.clone())),
        texts("value", &|row| Some(row.value.clone().into_owned())),
        texts("fate", &|row| Some(row.fate.to_owned())),
        texts("source", &|row| Some(row.source.to_owned())),
        texts("key", &|row| Some(row.key.to_owned())),
        texts("changed_at", &|row| row.changed_at.clone()),
        texts("stage", &|row| Some(row.stage.to_owned())),
        Column::new("confidence".into(), rows.iter().map(|row| row.confidence).collect::<Vec<Option<f64>>>()),
        texts("reason", &|row| row.reason.clone()),
    ])
}

fn frame_of(profiles: &[Profile], currencies: &[Currency]) -> PolarsResult<DataFrame> {
    let mut columns = Columns { profiles, columns: Vec::new() };
    columns.text("customer_id", |profile| Some(profile.customer_id.to_string()));
    columns.text("class", |profile| Some(profile.class.as_str().to_owned()));
    let name = |part: fn(&ProfileName) -> Option<String>| {
        move |profile: &Profile| profile.name.as_ref().and_then(part)
    };
    columns.text("name", name(|name| Some(name.full.clone())));
    columns.text("given_name", name(|name| name.given.clone()));
    columns.text("middle_name", name(|name| name.middle.clone()));
    columns.text("family_name", name(|name| name.family.clone()));
    columns.text("name_suffix", name(|name| name.suffix.clone()));
    columns.text("organisation", |profile| profile.organisation.clone());
    columns.text("gender", |profile| profile.gender.map(|gender| gender.as_str().to_owned()));
    columns.text("birth_date", |profile| profile.birth_date.clone());
    columns.text("email", |profile| profile.emails.first().map(|email| email.value.clone()));
    columns.text("phone", |profile| profile.phones.first().map(|phone| phone.value.clone()));
    let address = |part: fn(&Address) -> &Option<String>| {
        move |profile: &Profile| profile.addresses.first().and_then(|address| part(address).clone())
    };
    columns.text("street", address(|address| &address.street));
    columns.text("house_number", address(|address| &address.house_number));
    columns.text("address_extra", address(|address| &address.extra));
    columns.text("postal_code", address(|address| &address.postal_code));
    columns.text("city", address(|address| &address.city));
    columns.text("region", address(|address| &address.region));
    columns.text("country", address(|address| &address.country));
    let values = |points: &[ContactPoint]| points.iter().map(|point| point.value.clone()).collect();
    columns.list("emails", |profile| values(&profile.emails));
    columns.list("phones", |profile| values(&profile.phones));
    columns.text("household_id", |profile| profile.household.map(|household| household.to_string()));
    columns.list("sources", |profile| profile.records.iter().map(|record| record.source.clone()).collect());
    columns.list("keys", |profile| profile.records.iter().map(|record| record.key.clone()).collect());
    columns.count("order_count", |profile| profile.orders.count);
    columns.instant("first_order", |profile| profile.orders.first)?;
    columns.instant("last_order", |profile| profile.orders.last)?;
    for &currency in currencies {
        let revenue = |profile: &Profile| -> Option<Revenue> {
            profile.orders.revenue.iter().find(|revenue| revenue.currency == currency).copied()
        };
        let named = |what: &str| format!("{what}_{}", currency.as_str().to_lowercase());
        columns.number(&named("net_revenue"), |profile| Some(revenue(profile)?.net.to_f64()));
        columns.count(&named("paid_orders"), |profile| {
            revenue(profile).map_or(0, |revenue| revenue.paid_orders)
        });
        columns.number(&named("average_basket"), |profile| Some(revenue(profile)?.average_basket?.to_f64()));
    }
    DataFrame::new_infer_height(columns.columns)
}

/// Columns of profiles.
struct Columns<'a> {
    profiles: &'a [Profile],
    columns: Vec<Column>,
}

impl Columns<'_> {
    fn text(&mut self, name: &str, value: impl Fn(&Profile) -> Option<String>) {
        let values: Vec<Option<String>> = self.profiles.iter().map(value).collect();
        self.columns.push(Column::new(name.into(), values));
    }

    fn list(&mut self, name: &str, values: impl Fn(&Profile) -> Vec<String>) {
        let rows = self.profiles.len();
        let mut builder = ListStringChunkedBuilder::new(name.into(), rows, rows);
        for profile in self.profiles {
            builder.append_values_iter(values(profile).iter().map(String::as_str));
        }
        self.columns.push(builder.finish().into_series().into_column());
    }

    fn count(&mut self, name: &str, value: impl Fn(&Profile) -> u64) {
        let values: Vec<u64> = self.profiles.iter().map(value).collect();
        self.columns.push(Column::new(name.into(), values));
    }

    fn number(&mut self, name: &str, value: impl Fn(&Profile) -> Option<f64>) {
        let values: Vec<Option<f64>> = self.profiles.iter().map(value).collect();
        self.columns.push(Column::new(name.into(), values));
    }

    fn instant(&mut self, name: &str, value: impl Fn(&Profile) -> Option<Instant>) -> PolarsResult<()> {
        const MILLISECONDS: i64 = 1000;
        let milliseconds = |profile| value(profile).map(|at: Instant| at.unix_seconds() * MILLISECONDS);
        let values: Vec<Option<i64>> = self.profiles.iter().map(milliseconds).collect();
        let series =
            Series::new(name.into(), values).cast(&DataType::Datetime(TimeUnit::Milliseconds, None))?;
        self.columns.push(series.into_column());
        Ok(())
    }
}
