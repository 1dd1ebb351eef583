//! The words of column names in English, German and French, and what each says about the column.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::schema::FieldKind as K;

/// What a word, or several in a row, says in a column's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The column holds one of these kinds, the likeliest first.
    Kinds(&'static [K]),
    /// The column holds the name of a person's employer.
    Employer,
    /// Says whose or which: `customer`, `billing`, `primary`.
    Qualifier,
    /// As a qualifier, but alone it names the column of the customers' names.
    Holder,
    /// As a qualifier, but of a delivery, which may go to someone else.
    Delivery,
    /// The column identifies a row.
    Identifies,
    /// The column is no property of the record's own person or organisation.
    Other,
}

/// A name of whatever the row is; beside a given name it may also be the family name.
pub(super) const NAME: &[K] = &[K::FullName, K::OrgName, K::FamilyName];

/// An address, of which a street is a part or the whole.
pub(super) const ADDRESS: &[K] = &[K::Street, K::Address];

/// The meaning of each phrase, by its words written without gaps.
pub(super) static VOCABULARY: LazyLock<BTreeMap<String, Meaning>> = LazyLock::new(|| {
    let phrases = |list: &'static str| list.split('|').map(|phrase| phrase.trim().replace(' ', ""));
    let mut vocabulary = BTreeMap::new();
    for (meaning, list) in MEANINGS {
        for phrase in phrases(list) {
            // Where a phrase stands twice, the first meaning counts.
            vocabulary.entry(phrase).or_insert(*meaning);
        }
    }
    vocabulary
});

/// Phrases in folded form (`ä` is `ae`, accents are gone), separated by `|`.
const MEANINGS: &[(Meaning, &str)] = &[
    (
        Meaning::Kinds(&[K::GivenName]),
        "first name|fname|firstn|given name|givenname|forename|christian name|name first|name given|first names|given names\
        |vorname|vornamen|vname|rufname|prenom|prenoms",
    ),
    (
        Meaning::Kinds(&[K::MiddleName]),
        "middle name|mname|middle initial|middle names|name middle|second name|second given name|zweiter vorname\
        |zweitname|mittelname|first name 2|fname 2|given name 2|vorname 2|prenom 2|deuxieme prenom|second prenom|patronymic",
    ),
    (
        Meaning::Kinds(&[K::FamilyName]),
        "last name|lname|lastn|surname|sur name|family name|name last|name family|maiden name|birth name|last names\
        |nachname|nachn|familienname|zuname|geburtsname|maedchenname|nname\
        |nom de famille|nom famille|nom de naissance|nom naissance|nom de jeune fille|nom usuel|nom d usage",
    ),
    (
        Meaning::Kinds(&[K::FullName]),
        "full name|name full|complete name|person name|first and last name|first last name|first and surname\
        |first name last name|last name first name|name of person\
        |voller name|vollstaendiger name|vor und nachname|vor und zuname|vorname nachname|nachname vorname\
        |vorname name|name vorname|name und vorname|vorname und name|ansprechpartner|kontaktperson|contact name|contact person\
        |name contact|name of contact|name of contact person|kontaktname|name ansprechpartner\
        |nom complet|nom prenom|prenom nom|nom et prenom|prenom et nom|nom du contact|nom contact|personne de contact",
    ),
    (
        Meaning::Kinds(NAME),
        "name|namen|nom|display name|anzeigename|customer name|kundenname|nom client|nom du client",
    ),
    (Meaning::Holder, "customer|kunde|client"),
    (
        Meaning::Kinds(&[K::NamePrefix, K::Gender]),
        "title|name title|name prefix|prefix|salutation|honorific|honorific prefix|title of courtesy|courtesy title\
        |titel|anrede|akademischer titel|akad titel|namenspraefix|civilite|titre|titre de civilite",
    ),
    (Meaning::Kinds(&[K::NameSuffix]), "suffix|name suffix|honorific suffix|generation|namenssuffix|suffixe"),
    (Meaning::Kinds(&[K::Gender]), "gender|sex|geschlecht|sexe|genre|gender code|sex code"),
    (
        Meaning::Kinds(&[K::BirthDate, K::BirthDay]),
        "birth date|date of birth|birthday|birth dt|dob|d o b|born|born on|date birth|bdate|birth\
        |geburtsdatum|geburtstag|geb datum|geb dat|gebdat|geb am|geburtsdat|geburt|geb tag\
        |date de naissance|date naissance|dt naissance|ddn|date naiss|naissance|ne le|nee le",
    ),
    (
        Meaning::Kinds(&[K::BirthYear]),
        "birth year|year of birth|yob|dob year|dob yr|dob yyyy|year born|year birth|geburtsjahr|geb jahr\
        |annee de naissance|annee naissance",
    ),
    (
        Meaning::Kinds(&[K::BirthMonth]),
        "birth month|month of birth|dob month|dob mon|dob mm|geburtsmonat|geb monat|mois de naissance|mois naissance",
    ),
    (
        Meaning::Kinds(&[K::BirthDay]),
        "day of birth|dob day|dob dd|birth day of month|jour de naissance|jour naissance",
    ),
    (
        Meaning::Kinds(&[K::Email]),
        "email|e mail|mail|email address|e mail address|mail address|email addr|email adr|email id|email 1|eml\
        |emailadresse|e mail adresse|mailadresse|mail adresse|email adr|elektronische post\
        |adresse email|adresse e mail|adresse mail|courriel|adresse courriel|adresse electronique|mel|courrier electronique",
    ),
    (
        Meaning::Kinds(&[K::Phone]),
        "phone|phone number|phone no|phone nr|phone num|telephone|telephone number|telephone no|tel|tel no|tel nr|telno\
        |mobile|mobile phone|mobile number|mobile no|mobile phone number|cell|cell phone|cellphone|cellular|cell number\
        |cell phone number|landline|fax|fax number|fax no|telefax|home phone|work phone|phone home|phone work\
        |telefon|telefonnummer|telefon nr|telefon nummer|rufnummer|tel nummer|telefonnr|fon|festnetz|festnetznummer\
        |mobil|mobiltelefon|mobilnummer|mobilfunk|mobilfunknummer|mobil nr|mobilnr|handy|handynummer|handynr|natel\
        |faxnummer|fax nr|telefax nummer|telefaxnummer\
        |numero de telephone|no de telephone|num telephone|numero telephone|no telephone|portable|telephone portable|numero portable\
        |numero de portable|numero mobile|tel portable|tel fixe|telephone fixe|tel mobile|gsm|fixe|telecopie|telecopieur",
    ),
    (
        Meaning::Kinds(&[K::Address]),
        "full address|address full|addr full|complete address|postal address full|one line address|formatted address\
        |vollstaendige adresse|vollstaendige anschrift|adresse complete|adresse postale complete",
    ),
    (
        Meaning::Kinds(ADDRESS),
        "address|addr|adr|postal address|adresse|anschrift|postanschrift|postadresse|adresse postale|wohnadresse|wohnanschrift",
    ),
    (
        Meaning::Kinds(&[K::Street]),
        "street|street name|street address|address street|str name|str nam|address 1|address line 1|addr 1|addr line 1|adr 1\
        |line 1|address line|addr line|street 1|street line 1|road|road name|address line one\
        |strasse|str|strassenname|strasse 1|strasse hausnummer|strasse hausnr|strasse und hausnummer|strasse und hausnr\
        |strasse nr|strasse und nr|str nr|str hausnr|str und nr|adresszeile 1|adresszeile|adresse 1|anschrift 1\
        |rue|voie|nom de rue|nom de la rue|nom de voie|nom rue|libelle voie|adresse ligne 1|ligne adresse 1|numero et rue|numero et voie\
        |rue et numero|no et rue|adresse rue",
    ),
    (
        Meaning::Kinds(&[K::HouseNumber]),
        "house number|house no|house nr|house num|hse num|hse no|hnr|street number|street no|street nr|street num|building number|house\
        |hausnummer|hausnr|haus nr|haus nummer|hs nr|hsnr\
        |numero de rue|numero de voie|numero voie|numero rue|num voie|no de rue|no rue|numero de maison",
    ),
    (
        Meaning::Kinds(&[K::AddressExtra]),
        "address 2|address line 2|addr 2|addr line 2|adr 2|line 2|street 2|street line 2|address 3|address line 3|addr 3\
        |addr line 3|line 3|address extra|address line two|apartment|apartment number|apt|apt no|unit|unit number|suite|floor|flat|building|care of\
        |adresszusatz|adress zusatz|anschriftenzusatz|zusatz|adresszeile 2|adresse 2|anschrift 2|strasse 2|wohnung|stockwerk|etage\
        |complement d adresse|complement adresse|complement|adresse ligne 2|adresse complementaire|appartement|batiment|escalier",
    ),
    (
        Meaning::Kinds(&[K::PostalCode]),
        "postal code|post code|postcode|zip|zip code|zipcode|postal|zip postal code|postal zip|zip postcode|pc\
        |plz|postleitzahl|post leitzahl|code postal|cp|npa|cod postal|codepostal",
    ),
    (
        Meaning::Kinds(&[K::City]),
        "city|town|city name|city town|town city|suburb|locality|municipality|place of residence|post town|town name\
        |ort|stadt|wohnort|ortsname|gemeinde|wohnstadt|ortschaft\
        |ville|commune|localite|nom de ville|nom de commune|nom commune",
    ),
    (
        Meaning::Kinds(&[K::Region]),
        "state|province|region|county|state province|state code|province code|region code|state name|province name|region name\
        |state province code|state province name|state region|county name|state county\
        |bundesland|kanton|provinz|departement|etat",
    ),
    (Meaning::Kinds(&[K::Country, K::Region]), "land"),
    (
        Meaning::Kinds(&[K::Country]),
        "country|country code|country name|country iso|country iso code|iso country|iso country code|country region|country region code|country region name\
        |laendercode|laenderkennzeichen|landeskennzeichen|lkz|staat|landkuerzel|laenderkuerzel|land code|land iso\
        |pays|code pays|nom pays|nom du pays",
    ),
    (
        Meaning::Kinds(&[K::OrgName]),
        "company|company name|organisation|organization|organisation name|organization name|org name|org|name org\
        |business name|legal name|trading name|corporate name|firm|firm name|company 1|registered name\
        |firma|firmenname|firmenbezeichnung|firmierung|unternehmen|unternehmensname|name der firma|name firma|name des unternehmens\
        |societe|entreprise|raison sociale|nom societe|nom de la societe|nom entreprise|nom de l entreprise|denomination|denomination sociale",
    ),
    (Meaning::Employer, "employer|employer name|arbeitgeber|name arbeitgeber|employeur|nom employeur"),
    (
        Meaning::Kinds(&[K::NationalId]),
        "passport|passport number|passport no|passport num|passport id|ssn|ssn number|social security number|social security no\
        |social security id|soc sec id|soc sec no|soc sec number|national id|national id number|national identification number|national identity number\
        |national insurance number|nino|identity card number|id card number|drivers license number|drivers license|driver license number\
        |driving licence number|driving licence|driver licence number|drivers licence number|driving license number\
        |reisepass|reisepassnummer|passnummer|ausweisnummer|personalausweis|personalausweisnummer|ausweis nr|sozialversicherungsnummer\
        |sv nummer|svnr|ahv nummer|ahv nr|fuehrerscheinnummer|rentenversicherungsnummer\
        |passeport|numero de passeport|no passeport|numero de securite sociale|numero securite sociale|no securite sociale|no secu\
        |carte d identite|numero carte d identite|numero de carte d identite|numero permis de conduire|permis de conduire",
    ),
    (
        Meaning::Kinds(&[K::TaxId]),
        "vat|vat id|vat number|vat no|vat nr|vat reg no|vat registration number|tax id|tax id number|tax number|tax no|tax identification number|taxpayer id\
        |ust id|u st id|ust id nr|u st id nr|ustid|ustidnr|ust idnr|uid nummer|uid nr|steuernummer|steuer nr|steuer id|steueridentifikationsnummer|steuer identifikationsnummer\
        |umsatzsteuer id|umsatzsteuer identifikationsnummer|mwst nummer|mwst nr\
        |tva|numero tva|no tva|numero de tva|num tva|tva intracommunautaire|numero tva intracommunautaire|numero fiscal|identifiant fiscal",
    ),
    (
        Meaning::Kinds(&[K::Iban]),
        "iban|iban number|iban nummer|iban nr|bank account iban|account iban|kontonummer iban|numero iban",
    ),
    (
        Meaning::Kinds(&[K::LoyaltyId]),
        "loyalty id|loyalty number|loyalty no|loyalty card|loyalty card number|loyalty card no|customer card|customer card number|customer card no\
        |club card|club card number|clubcard|member card|membership number|membership no|membership id|member number|member no|member id|membership card number\
        |bonus card|bonus card number|frequent flyer number|rewards number|rewards id\
        |kundenkarte|kundenkartennummer|kundenkarten nr|kundenkartennr|kundenkarte nr|bonuskarte|bonuskartennummer|mitgliedsnummer|mitglieds nr|mitgliedsnr|mitgliedskarte\
        |vorteilskarte|vorteilskartennummer|treuekarte|treuekartennummer\
        |carte de fidelite|carte fidelite|numero carte fidelite|numero de carte de fidelite|no carte fidelite|numero d adherent|no adherent|numero adherent|no d adherent|carte client",
    ),
    (
        Meaning::Kinds(&[K::Url]),
        "website|web site|website url|homepage|home page|url|www|web|web address|web page|webpage|internet|webseite|internetseite|internetadresse\
        |internet adresse|webadresse|site web|site internet|adresse web|adresse internet|domain",
    ),
    (
        Meaning::Qualifier,
        "cust|customers|clients|contact|contacts|person|personal|people|member|lead|prospect|prospective|buyer|subscriber|guest|patient|individual\
        |primary|main|default|preferred|secondary|other|alternate|alternative|native|current|business|work|office|home|private|permanent|residential|residence\
        |billing|bill|bill to|billto|invoice to|mailing|mail to|property|properties|custom|c|fields|field|data|attr|attribute|value|of|the|for\
        |kunden|kontakt|haupt|geschaeft|geschaefts|geschaeftlich|dienst|dienstlich|privat|privater|private|rechnung|rechnungs|rechn|re|sonstige|weitere|wohn|mitglied|mitglieds|der|des|die|und\
        |principal|principale|secondaire|prive|privee|personnel|personnelle|professionnel|professionnelle|pro|perso|domicile|bureau|facturation|fact|particulier|membre|du|de|la|le|l|d|et\
        |text|en|english|iso|code 2|code 3",
    ),
    (
        Meaning::Delivery,
        "shipping|ship|ship to|shipto|delivery|deliver to|recipient|liefer|lieferung|lieferungs|lieferanschrift|versand|empfaenger|livraison|expedition|destinataire",
    ),
    (
        Meaning::Identifies,
        "id|ids|nr|no|num|number|key|keys|code|nummer|kennung|schluessel|numero|cle|identifier|uuid|guid|identifiant|ref|reference|referenz",
    ),
    (
        Meaning::Other,
        "date|datetime|time|timestamp|timezone|day|month|year|datum|zeit|zeitpunkt|jahr|monat|jour|mois|annee|heure\
        |created|create|creation|modified|modification|updated|update|changed|change|synced|sync|loaded|imported|import|export|exported|deleted|archived|modstamp\
        |erstellt|angelegt|anlage|geaendert|aenderung|aenderungs|importiert|geloescht|cree|modifie|maj\
        |status|statut|type|typ|art|flag|is|has|hat|est|active|aktiv|actif|verified|valid|bounced|bounce|reason|quality|result|validation|opt|optin|optout|opted|consent|einwilligung|consentement\
        |newsletter|subscribed|unsubscribed|accepts|accepted|requires|count|anzahl|nombre|amount|betrag|montant|total|sum|summe|somme|price|preis|prix|cost|kosten|revenue|umsatz|income|salary\
        |currency|waehrung|devise|rate|quantity|qty|menge|quantite|discount|rabatt|remise|weight|gewicht|size|groesse|taille|height|length|color|farbe|couleur\
        |order|orders|bestellung|bestell|auftrag|auftrags|commande|transaction|payment|zahlung|paiement|refund|return|returned|returns|cart|checkout|basket|sale\
        |product|products|produkt|produit|artikel|article|item|items|sku|category|kategorie|categorie|brand|marke|marque|model|modell|modele|variant\
        |file|datei|fichier|filename|path|folder|bank|account|accounts|konto|compte|bic|swift|credit|kredit|debit|card|karte|carte|cvv\
        |user|username|login|benutzer|benutzername|utilisateur|password|passwort|hash|token|ip|browser|device|agent|session|mac\
        |latitude|longitude|lat|lon|lng|geo|geocode|accuracy|coordinates\
        |source|quelle|campaign|kampagne|campagne|channel|kanal|canal|stage|pipeline|deal|opportunity|ticket|case|engagement|segment|territory|store|filiale|shop|market|warehouse\
        |owner|besitzer|inhaber|rep|sales|vertrieb|vertreter|verkaeufer|vendeur|commercial|manager|betreuer|bearbeiter|sachbearbeiter|assistant|assistent|employee|mitarbeiter|employe|staff|seller|supplier|suppliers|vendor|lieferant|lieferanten|fournisseur\
        |mother|father|mutter|vater|mere|pere|parent|parents|guardian|spouse|husband|wife|partner|ehepartner|ehemann|ehefrau|conjoint|epoux|epouse|child|children|kinder|enfant|enfants|sibling|relative|emergency|notfall|urgence|referral|referrer|referred|beneficiary\
        |birth place|birthplace|place of birth|city of birth|town of birth|country of birth|birth city|birth country|birth town|state of birth|birth state|geburtsort|geburtsland|geburts|lieu de naissance|ville de naissance|pays de naissance|lieu naissance|pays naissance\
        |nationality|nationalitaet|staatsangehoerigkeit|nationalite|citizenship|language|sprache|langue|locale\
        |occupation|job|beruf|profession|position|funktion|fonction|role|department|abteilung|industry|branche|secteur|education|marital|familienstand|religion\
        |note|notes|notiz|bemerkung|bemerkungen|remark|remarks|comment|comments|kommentar|commentaire|description|beschreibung|subject|betreff|sujet|content|message|body\
        |photo|foto|image|picture|bild|avatar|logo|page|landing|referring|score|rating|rank|grade|touch|search|conversion|activity|visit|visits",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn phrases_are_folded() {
        for (_, list) in MEANINGS {
            for phrase in list.split('|') {
                assert_eq!(text::fold(phrase), phrase.trim(), "`{phrase}`");
            }
        }
    }

    #[test]
    fn no_phrase_says_two_kinds() {
        let kinds = |meaning: &Meaning| matches!(meaning, Meaning::Kinds(_) | Meaning::Employer);
        let mut said: BTreeMap<String, &Meaning> = BTreeMap::new();
        for (meaning, list) in MEANINGS.iter().filter(|(meaning, _)| kinds(meaning)) {
            for phrase in list.split('|').map(|phrase| phrase.replace(' ', "")) {
                if let Some(earlier) = said.insert(phrase.clone(), meaning) {
                    assert_eq!(earlier, meaning, "`{phrase}`");
                }
            }
        }
    }
}
