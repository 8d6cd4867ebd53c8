/**
 * The words that stand beside a value and say what it is: phrases in lower case, separated by `|`, `*` for any ending.
 * Every kind of identifier in `ids/` brings its own.
 */
export const WORDS = {
  phone: [
    'phone|phones|phone number|telephone*|tel|tél|telefon*|teléfono*|telefoon*|téléphone|telepono|puhelin*|телефон*|тел|mobile|mobiles|mobil|mobilnummer|mobiltelefon*|handy|handynummer|móvil|celular|cel|cell|cellphone|portable|gsm|fax|faks|landline|desk|office|hotline|helpline|extension|rufnummer|sms|whatsapp|telegram|signal|viber|imessage|facetime|voicemail|pager|numaram|msisdn|contact|kontakt|contacto',
    '电话|手机|電話|携帯|전화*|휴대폰*|טלפון|נייד|هاتف|جوال|फ़ोन|फोन|मोबाइल|โทร|điện thoại',
  ].join('|'),
  /** Also tells of a telephone number, but only in front of it. */
  call: 'call|calls|called|calling|caller|dial|dials|dialed|dialing|ring|rang|reach|reached|reachable|answer|answers|answered|answering|text me|text him|text her|text us|text them|texted|texting|message to|messages to|registered|anrufen|appel*|llam*|ligar|chiama*|number is|my number|his number|her number|our number|your number|this number|new number|old number|that number|same number|the number|number was|number to',
  card: 'card|cards|cc|ccn|credit|debit|visa|mastercard|maestro|amex|american express|diners|discover|jcb|unionpay|pan|kreditkarte*|karte|kartennummer|carte|tarjeta|cartão|carta|kort*|creditcard*|kredi kartı|карт*|卡号|カード',
  ssn: 'ssn|ssns|social|soc sec|ss|itin|tax id|taxid|taxpayer',
  bsn: 'bsn|burgerservice*|burger service|sofi|sofinummer|citizen service number|persoonsnummer',
  bank: 'bank|account|accounts|acct|acc|a c|checking|savings|bban|konto|kontonummer|kontonr|bankverbindung|cuenta|compte|conto|rekening*|conta|счет|счёт',
  routing: 'routing|aba|rtn|transit|ach|wire|fedwire',
  sort_code: 'sort code|sortcode',
  medical:
    'mrn|medical record|medical records|med rec|patient id|patient number|patient no|patient record|medical id|medical number|medical no|chart id|chart number|chart no|health record|hospital id|hospital number|health insurance id|health insurance number|member id',
  passport:
    'passport|passports|reisepass*|passeport|pasaporte|passaporto|passaporte|paspoort*|passnummer|passnr|travel document|загранпаспорт|паспорт*|パスポート|护照|護照|pasaport*|جواز|여권*',
  license:
    'dl|d l|driver license|drivers license|driver s license|driver licence|driving licence|driving license|drivers licence|driver s licence|driver lic|driving permit|driver permit|operator license|operator s license|license no|license nr|license number|licence no|licence number|lic no|führerschein*|permis de conduire|licencia de conducir|patente|carteira de motorista|rijbewijs*|körkort*|운전면허*',
} as const;

/** What a number is, if not a telephone number, when one of these stands directly in front of it. */
export const NOT_A_PHONE = new Set(
  'order invoice ticket case ref reference tracking serial model part sku isbn issn ean upc item product batch lot box psc unit zip postal postcode plz version commit build bug issue pr port pid uid gid uuid hash token timestamp epoch id code account acct amount total price cost qty quantity size bytes count year page pages pp row line lines rfc iso din confirmation booking reservation room flight claim contract receipt check cheque routing card passport license licence policy member membership customer employee student user transaction job task request session date born dob ssn iban suite apt chf usd eur gbp rs inr jpy kg km mm'.split(
    ' ',
  ),
);
/** Words that may stand between such a word and its number. */
export const NUMBER_WORDS = new Set('no nr num number id code is of the was'.split(' '));

/** A word for birth, at most 40 characters in front of the date. */
export const BIRTH_WORDS =
  /(?:\b(?:d\.?o\.?b|date ?of ?birth|birth ?date|birthday|born|birth|geboren|geburtsdatum|geburtstag|geb\.|née?|date de naissance|naissance|nacimiento|fecha de nac|nacid[oa]|nascimento|nascid[oa]|data di nascita|nat[oa]|geboortedatum|födelsedatum|fødselsdato|født|syntymäaika|urodzen|doğum)|рожден|родил|出生|生年月日|생년월일)/;
