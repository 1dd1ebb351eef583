//! What can be asked of a run.

use crate::id::{EntityId, FieldId};
use crate::pipeline::Unified;
use crate::pipeline::run::bound;
use crate::profile::Profiles;
use crate::schema::LinkMode;
use crate::segment::{Audience, Expr, ProfileColumns, ProfileColumnsBuilder, evaluate};
use crate::survive::{Lineage, Survivorship};
use crate::value::Instant;

/// Profiles held at a time while columns are filled.
const CHUNK: usize = 16_384;

impl Unified {
    /// Which pairs the run could propose.
    pub fn mode(&self) -> LinkMode {
        self.model.plan().mode()
    }

    /// The profiles of all entities, put together as they are asked for.
    ///
    /// ```
    /// # use onefold::Unified;
    /// fn names(unified: &Unified) -> Vec<String> {
    ///     unified.profiles().iter().filter_map(|profile| Some(profile.name?.full)).collect()
    /// }
    /// ```
    pub fn profiles(&self) -> Profiles<'_> {
        let Unified { records, partition, golden, orders, links, as_of, households, .. } = self;
        let profiles = Profiles::new(records, partition, golden, orders, links, *as_of)
            .with_households(|entity| households.household_of(entity));
        match &self.identity {
            Some(identity) => profiles.with_customers(&identity.ids),
            None => profiles,
        }
    }

    /// The fields of all profiles in columns, for segments; row n is entity n.
    ///
    /// ```
    /// # use onefold::{Unified, segment};
    /// fn one_time_buyers(unified: &Unified) -> u64 {
    ///     let columns = unified.profile_columns();
    ///     unified.audience(&segment::one_time_buyers(), &columns).len()
    /// }
    /// ```
    pub fn profile_columns(&self) -> ProfileColumns {
        let mut builder = ProfileColumnsBuilder::new();
        let taken = self.profiles().map_chunks(
            CHUNK,
            |profile| profile,
            |profiles| {
                builder.extend(&profiles);
                Ok::<(), std::convert::Infallible>(())
            },
        );
        match taken {
            Ok(()) => builder.finish(),
        }
    }

    /// The profiles for which an expression holds at the run's instant; without one, after the last order.
    pub fn audience(&self, expr: &Expr, columns: &ProfileColumns) -> Audience {
        evaluate(expr, columns, self.instant())
    }

    /// The instant as of which questions that depend on time are answered: the run's, or without one the first second
    /// after the last order; 1970-01-01 if there is none either.
    pub fn instant(&self) -> Instant {
        let last = || self.orders.iter().filter_map(|order| order.placed_at).max();
        let after = |at: Instant| Instant::from_unix_seconds(at.unix_seconds() + 1);
        self.as_of.or_else(|| last().and_then(after)).unwrap_or(Instant::EPOCH)
    }

    /// What became of every value that an entity's records state for a field.
    ///
    /// ```
    /// # use onefold::{EntityId, FieldId, Unified};
    /// fn stated_otherwise(unified: &Unified, entity: EntityId, field: FieldId) -> usize {
    ///     unified.lineage(entity, field).losers.len()
    /// }
    /// ```
    pub fn lineage(&self, entity: EntityId, field: FieldId) -> Lineage {
        self.survivorship().lineage(entity, field)
    }

    /// The rules of the run bound to its records, for the lineage of many values.
    pub fn survivorship(&self) -> Survivorship<'_> {
        let rules = || Survivorship::new(&self.records, &self.partition, &self.policy);
        // The run has bound the same pins to the same records.
        bound(rules(), &self.policy, self.as_of, &self.links, &self.pins).unwrap_or_else(|_| rules())
    }
}
