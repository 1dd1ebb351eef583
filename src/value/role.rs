//! Mailboxes of functions rather than persons.

/// True for the mailbox of a function, such as `info@` or `rechnung@`: the first word before the `@` is one in use for
/// that in English, German or French.
///
/// ```
/// use onefold::value::is_role_mailbox;
/// assert!(is_role_mailbox("info2@meier.de"));
/// assert!(!is_role_mailbox("anna.info@meier.de"));
/// ```
pub fn is_role_mailbox(email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default();
    let word = local.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    ROLES.binary_search(&word).is_ok() && (word != "no" || local.contains("reply"))
}

/// First words of the mailboxes of functions in English, German and French, ascending.
const ROLES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "accueil",
    "achats",
    "admin",
    "administration",
    "anfrage",
    "auftrag",
    "bestellung",
    "bestellungen",
    "bewerbung",
    "billing",
    "booking",
    "buchhaltung",
    "buero",
    "bureau",
    "commande",
    "commandes",
    "commercial",
    "compta",
    "comptabilite",
    "contact",
    "customerservice",
    "direction",
    "donotreply",
    "einkauf",
    "empfang",
    "enquiries",
    "facturation",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hostmaster",
    "hr",
    "info",
    "information",
    "invoice",
    "invoices",
    "jobs",
    "kanzlei",
    "karriere",
    "kontakt",
    "kundendienst",
    "kundenservice",
    "marketing",
    "newsletter",
    "no",
    "noreply",
    "office",
    "order",
    "orders",
    "postmaster",
    "praxis",
    "presse",
    "purchasing",
    "reception",
    "rechnung",
    "rechnungen",
    "rechnungswesen",
    "reservation",
    "reservations",
    "reservierung",
    "rh",
    "root",
    "sales",
    "sav",
    "secretariat",
    "sekretariat",
    "service",
    "shop",
    "support",
    "team",
    "ventes",
    "verkauf",
    "vertrieb",
    "verwaltung",
    "webmaster",
    "zentrale",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_mailboxes() {
        assert!(ROLES.is_sorted());
        for email in
            ["info@a.de", "info2@a.de", "sales-de@a.de", "kontakt.berlin@a.de", "no-reply@a.de", "rh@a.fr"]
        {
            assert!(is_role_mailbox(email), "{email}");
        }
        for email in ["anna.info@a.de", "salesman@a.de", "no.body@a.de", "familie.meier@a.de", "@", ""] {
            assert!(!is_role_mailbox(email), "{email}");
        }
    }
}
