#!/bin/sh
# What each technique earns: pair F1 over evaluation sets, all techniques on, then one of them off at a time.
# Prints a Markdown table: F1 in the first row, differences from it in hundredths below.
#
#   cargo build --release --no-default-features --features phone --example evaluate
#   benches/ablation.sh SPEC...
set -eu
cd "$(dirname "$0")/.."
evaluate=target/release/examples/evaluate
techniques=$("$evaluate" --help | sed -n 's/^techniques: //p')

f1() {
    "$evaluate" "$@" --json 2>/dev/null | sed 's/.*"pair":{"f1":\([0-9.e-]*\).*/\1/'
}

row="| without |"
rule="|---|"
base="| *nothing* |"
values=""
for spec; do
    row="$row $(basename "$(dirname "$spec")") |"
    rule="$rule---|"
    value=$(f1 "$spec")
    values="$values $value"
    base="$base $(printf '%.4f' "$value") |"
done
printf '%s\n%s\n%s\n' "$row" "$rule" "$base"
for technique in $techniques; do
    row="| \`$technique\` |"
    rest=$values
    for spec; do
        rest=${rest# }
        before=${rest%% *}
        rest=${rest#"$before"}
        after=$(f1 "$spec" --without "$technique")
        row="$row $(awk -v a="$after" -v b="$before" 'BEGIN { d = 100 * (a - b); if (d > -0.005 && d < 0.005) print "0"; else printf "%+.2f", d }') |"
    done
    printf '%s\n' "$row"
done
