//! Words in streets and units: types of street, directions, types of unit, each with one canonical form.

/// The canonical type of a street whose type stands last, as in English: `rd` is `road`.
pub(super) fn trailing(word: &str) -> Option<&'static str> {
    const TYPES: &[(&str, &[&str])] = &[
        ("street", &["st", "street", "stret", "streeet", "srteet", "steet"]),
        ("road", &["rd", "road"]),
        ("avenue", &["av", "ave", "aven", "avenue", "avnue"]),
        ("drive", &["dr", "drv", "drive"]),
        ("lane", &["ln", "lane"]),
        ("boulevard", &["blvd", "bvd", "boulevard", "blv", "boul"]),
        ("court", &["ct", "crt", "court"]),
        ("place", &["pl", "place"]),
        ("square", &["sq", "square"]),
        ("crescent", &["cres", "crescent", "cr", "crs", "crst"]),
        ("close", &["cl", "close"]),
        ("terrace", &["ter", "terr", "tce", "terrace"]),
        ("gardens", &["gdns", "gardens", "gdn", "garden"]),
        ("grove", &["gr", "grv", "grove", "gro"]),
        ("parade", &["pde", "parade"]),
        ("highway", &["hwy", "hway", "highway"]),
        ("parkway", &["pkwy", "pky", "parkway", "pkway"]),
        ("circle", &["cir", "circ", "circle"]),
        ("circuit", &["cct", "circuit"]),
        ("way", &["wy", "way"]),
        ("trail", &["trl", "trail"]),
        ("esplanade", &["esp", "esplanade"]),
        ("mews", &["mws", "mews"]),
        ("hill", &["hl", "hill"]),
        ("heights", &["hts", "heights"]),
        ("park", &["pk", "park"]),
        ("row", &["row"]),
        ("walk", &["wlk", "walk"]),
        ("alley", &["aly", "alley"]),
        ("loop", &["loop"]),
        ("quay", &["qy", "quay"]),
        ("rise", &["rise"]),
        ("view", &["vw", "view"]),
        ("turnpike", &["tpke", "turnpike"]),
        ("plaza", &["plz", "plaza"]),
        ("expressway", &["expy", "expressway"]),
        ("freeway", &["fwy", "freeway"]),
        ("crossing", &["xing", "crossing"]),
        ("green", &["grn", "green"]),
        ("laan", &["laan"]),
        ("plein", &["plein", "pln"]),
        ("strasse", &["str", "strasse", "strase", "strabe", "straase"]),
        ("platz", &["platz"]),
        ("weg", &["weg"]),
        ("allee", &["allee"]),
        ("gasse", &["gasse"]),
        ("ring", &["ring"]),
        ("damm", &["damm"]),
        ("ufer", &["ufer"]),
        ("straat", &["straat"]),
    ];
    lookup(TYPES, word)
}

/// The canonical type of a street whose type stands first, as in the Romance languages: `av` is `avenue`.
pub(super) fn leading(word: &str) -> Option<&'static str> {
    const TYPES: &[(&str, &[&str])] = &[
        ("rue", &["r", "rue"]),
        ("avenue", &["av", "ave", "avenue"]),
        ("boulevard", &["bd", "bld", "bvd", "blvd", "boul", "boulevard", "bvld"]),
        ("chemin", &["ch", "che", "chem", "chemin"]),
        ("place", &["pl", "place"]),
        ("impasse", &["imp", "impasse"]),
        ("allee", &["all", "allee"]),
        ("allees", &["allees"]),
        ("route", &["rte", "route"]),
        ("square", &["sq", "square"]),
        ("faubourg", &["fg", "fbg", "faubourg"]),
        ("cours", &["crs", "cours"]),
        ("quai", &["quai"]),
        ("passage", &["pass", "psg", "passage"]),
        ("residence", &["res", "residence"]),
        ("lotissement", &["lot", "lotissement"]),
        ("cite", &["cite"]),
        ("sentier", &["sent", "sentier"]),
        ("calle", &["c", "cl", "calle"]),
        ("avenida", &["avda", "avd", "avenida"]),
        ("plaza", &["plaza", "plza"]),
        ("paseo", &["paseo", "pso"]),
        ("carretera", &["ctra", "carretera"]),
        ("camino", &["cno", "camino"]),
        ("ronda", &["rda", "ronda"]),
        ("travesia", &["trav", "travesia"]),
        ("via", &["via"]),
        ("viale", &["vle", "viale"]),
        ("corso", &["cso", "corso"]),
        ("piazza", &["pza", "pzza", "piazza"]),
        ("piazzale", &["ple", "piazzale"]),
        ("largo", &["lgo", "largo"]),
        ("vicolo", &["vic", "vicolo"]),
        ("rua", &["rua"]),
        ("travessa", &["tv", "travessa"]),
        ("praca", &["praca", "pca"]),
    ];
    lookup(TYPES, word)
}

/// The direction that a street begins or ends with: `n` is `north`.
pub(super) fn direction(word: &str) -> Option<&'static str> {
    const DIRECTIONS: &[(&str, &[&str])] = &[
        ("north", &["n", "north", "nth"]),
        ("south", &["s", "south", "sth"]),
        ("east", &["e", "east"]),
        ("west", &["w", "west"]),
        ("northeast", &["ne", "northeast"]),
        ("northwest", &["nw", "northwest"]),
        ("southeast", &["se", "southeast"]),
        ("southwest", &["sw", "southwest"]),
    ];
    lookup(DIRECTIONS, word)
}

/// A word before the number of a unit or floor: `apt` is `unit`, so that flat, apartment and unit agree.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    const UNITS: &[(&str, &[&str])] = &[
        (
            "unit",
            &[
                "unit",
                "apt",
                "apartment",
                "appt",
                "appartement",
                "app",
                "flat",
                "flt",
                "whg",
                "wohnung",
                "no",
                "wg",
                "apto",
                "piso",
                "interno",
                "porte",
                "door",
                "tuer",
                "villa",
            ],
        ),
        ("suite", &["suite", "ste"]),
        (
            "floor",
            &[
                "floor",
                "fl",
                "flr",
                "level",
                "lvl",
                "etage",
                "stock",
                "stockwerk",
                "og",
                "planta",
                "piano",
                "niveau",
            ],
        ),
        ("room", &["room", "rm", "zimmer", "zi", "raum", "chambre"]),
        (
            "building",
            &[
                "building", "bldg", "blg", "bat", "batiment", "haus", "gebaeude", "block", "blk", "bloc",
                "edificio", "hse",
            ],
        ),
        ("stair", &["stiege", "stg", "esc", "escalier", "escalera", "scala", "aufgang"]),
        ("lot", &["lot", "site"]),
        ("top", &["top"]),
        ("shop", &["shop", "office", "ofc", "bureau", "buero", "studio"]),
    ];
    lookup(UNITS, word)
}

/// A word that says by itself that what follows is no street: `hinterhaus`, `basement`.
pub(super) fn is_unit_alone(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "hinterhaus",
        "vorderhaus",
        "hinterhof",
        "seitenfluegel",
        "erdgeschoss",
        "dachgeschoss",
        "souterrain",
        "eg",
        "dg",
        "basement",
        "penthouse",
        "rdc",
        "links",
        "rechts",
    ];
    WORDS.contains(&word)
}

fn lookup(table: &[(&'static str, &[&str])], word: &str) -> Option<&'static str> {
    table.iter().find(|(_, words)| words.contains(&word)).map(|&(canonical, _)| canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms_are_fixed_points() {
        for word in ["st", "rd", "ave", "dr", "cres", "str"] {
            let canonical = trailing(word).unwrap();
            assert_eq!(trailing(canonical), Some(canonical));
        }
        for word in ["r", "av", "bd", "ch", "pl"] {
            let canonical = leading(word).unwrap();
            assert_eq!(leading(canonical), Some(canonical));
        }
        assert_eq!((direction("nw"), unit("flat")), (Some("northwest"), Some("unit")));
    }
}
