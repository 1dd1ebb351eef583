"""The same exports through Splink 5 and DuckDB, to be held against `scale --plain-rules`.

    python -m venv venv && venv/bin/pip install splink==5.0.0
    cargo run --release --example scale -- --records 1000000 --plain-rules --dir world
    venv/bin/python benches/peers/splink_duckdb.py world

Reads the files that `scale` has written to the directory, brings the columns of all sources into one table (lower case, no
accents, names split, digits of telephone numbers), and runs what Splink's documentation recommends: a prior from
deterministic rules, u from random pairs, two EM sessions, predictions over the seven blocking rules that `--plain-rules`
names, clusters, and one golden record a cluster by the most frequent values. The time ends there. Then the pairs inside the
clusters are held against the truth at several thresholds, and the best one is told: a user without labels has to guess it.

Prints one JSON object: records, pairs scored, CPU seconds, wall seconds, peak memory, and F1 by threshold.
"""

import json
import resource
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

world = sys.argv[1].rstrip("/")
threads = int(sys.argv[2]) if len(sys.argv) > 2 else None


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


RULES = [
    ["email"],
    ["phone"],
    ["family_name", "birth_date"],
    ["given_name", "family_name"],
    ["given_name", "birth_date"],
    ["substr(family_name, 1, 3)", "postal_code"],
    ["family_name", "city"],
]
# In bits of match weight, which is what tells very sure pairs apart.
THRESHOLDS = [0, 5, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 33, 36]

clock, cpu = time.perf_counter(), used()
connection = duckdb.connect()


def run(sql):
    """The rows of a query; a connection takes the next one only when all have been fetched."""
    return connection.execute(sql).fetchall()


if threads:
    run(f"set threads = {threads}")
run(
    """
    create macro plain(x) as nullif(trim(lower(strip_accents(replace(replace(replace(replace(x, 'ß', 'ss'), 'ä', 'ae'),
        'ö', 'oe'), 'ü', 'ue')))), '');
    create macro digits(x) as case when length(regexp_replace(x, '[^0-9]', '', 'g')) >= 7
        then right(regexp_replace(x, '[^0-9]', '', 'g'), 9) end;
    create macro given(x) as case when x like '%,%' then split_part(trim(split_part(x, ',', 2)), ' ', 1)
        else split_part(x, ' ', 1) end;
    create macro family(x) as case when x like '%,%' then trim(split_part(x, ',', 1))
        else regexp_extract(x, '([^ ]+)$', 1) end;
    """
)


def source(name, separator, select):
    read = f"read_csv('{world}/{name}.csv', delim='{separator}', header=true, all_varchar=true, ignore_errors=true)"
    return f"select {select} from {read}"


def columns(name, key, given, family, org, email, phone, born, street, number, code, city, country):
    street = f"plain({street})" if number == "null" else f"plain({street} || ' ' || coalesce({number}, ''))"
    return source(
        {"shop": "orders"}.get(name, name),
        ";" if name == "erp" else ",",
        f"""'{name}' as source, {key} as key, {given} as given_name, {family} as family_name, plain({org}) as org_name,
        plain({email}) as email, digits({phone}) as phone, {born} as birth_date, {street} as street,
        plain(replace({code}, ' ', '')) as postal_code, plain({city}) as city, plain({country}) as country""",
    )


iso = "try_strptime({0}, '%Y-%m-%d')::date::varchar"
german = "try_strptime({0}, '%d.%m.%Y')::date::varchar"
parts = [
    columns("crm", "kontakt_nr", "split_part(plain(vorname), ' ', 1)", "plain(nachname)", "firma", "email",
            "coalesce(mobil, telefon)", iso.format("geburtsdatum"), "strasse", "null", "plz", "ort", "land"),
    columns("accounts", "account_nr", "null", "null", "name", "email", "zentrale", "null", "strasse", "null", "plz",
            "ort", "land"),
    columns("erp", "DEBITOR", "given(plain(NAME))", "family(plain(NAME))", "FIRMA1", "EMAIL", "TELEFON",
            german.format("GEB_DATUM"), "STRASSE", "HAUSNR", "PLZ", "ORT", "LAND"),
    columns("shop", "order_no", "given(plain(name))", "family(plain(name))", "company", "email", "phone", "null",
            "street", "null", "zip", "city", "country"),
]
union = " union all by name ".join(parts)
run(f"create table records as select row_number() over () as unique_id, * from ({union})")
count = run("select count(*) from records")[0][0]

api = DuckDBAPI(connection)
table = api.register("records")
rules = [block_on(*rule) for rule in RULES]
settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.JaroWinklerAtThresholds("given_name", [0.92, 0.80]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("family_name", [0.92, 0.80]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("email", [0.88]).configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("phone", [2]).configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("birth_date", [1]),
        cl.LevenshteinAtThresholds("street", [3]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("postal_code").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("org_name", [0.92]).configure(term_frequency_adjustments=True),
    ],
    blocking_rules_to_generate_predictions=rules,
    retain_matching_columns=False,
    retain_intermediate_calculation_columns=False,
)
linker = Linker(table, settings)
training = linker.training
deterministic = [block_on("email"), block_on("phone", "family_name"), block_on("given_name", "family_name", "birth_date")]
training.estimate_probability_two_random_records_match(deterministic, recall=0.6)
training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
training.estimate_parameters_using_expectation_maximisation(block_on("given_name", "family_name"))
training.estimate_parameters_using_expectation_maximisation(block_on("email"))
predicted = linker.inference.predict(threshold_match_weight=min(THRESHOLDS))
clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_weight=20)
fields = ["given_name", "family_name", "org_name", "email", "phone", "birth_date", "street", "postal_code", "city"]
golden = ", ".join(f"mode({field}) as {field}" for field in fields)
run(
    f"""create table golden as select cluster_id, {golden} from
    (select c.cluster_id, r.* from {clusters.physical_name} c join records r using (unique_id)) group by cluster_id"""
)
report = {
    "records": count,
    "wall_seconds": time.perf_counter() - clock,
    "cpu_seconds": used() - cpu,
    "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "golden_records": run("select count(*) from golden")[0][0],
    "pairs_kept": run(f"select count(*) from {predicted.physical_name}")[0][0],
}

# How right it is, outside of the time.
run(f"create table truth as select * from read_csv('{world}/truth.csv', header=true, all_varchar=true)")
run(
    """create table labelled as select r.unique_id, t.entity from records r join truth t
    on r.source = t.source and r.key = t.key"""
)
pairs = "sum(n * (n - 1) / 2)"
true_pairs = run(f"select {pairs} from (select count(*) n from labelled group by entity)")[0][0]
report["thresholds"] = {}
for threshold in THRESHOLDS:
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_weight=threshold)
    joined = f"{found.physical_name} c join labelled l using (unique_id)"
    all_pairs = run(f"select {pairs} from (select count(*) n from {joined} group by cluster_id)")[0][0]
    right = run(f"select {pairs} from (select count(*) n from {joined} group by cluster_id, entity)")[0][0]
    precision, recall = right / max(all_pairs, 1), right / true_pairs
    report["thresholds"][str(threshold)] = {
        "precision": precision, "recall": recall, "f1": 2 * right / (all_pairs + true_pairs)}
best = max(report["thresholds"].items(), key=lambda entry: entry[1]["f1"])
report["best"] = {"threshold": best[0], **best[1]}
print(json.dumps(report))
