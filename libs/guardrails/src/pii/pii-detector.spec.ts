import { describe, expect, it } from 'vitest';
import { pumped } from '../../../../test/fixtures/pumped.js';
import { CONTENT_LIMITS } from '../content/content-limits.js';
import { mergeFindings } from '../merge-findings.js';
import { mask, type MaskStrategy } from './mask.js';
import { PiiDetector } from './pii-detector.js';

const detector = new PiiDetector();

const found = (text: string, label?: string): string[] =>
  [...detector.find(text, label)]
    .sort((a, b) => a.start - b.start)
    .map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);

/** Text, then what is found in it: type and exact span. Keys and numbers are test fixtures of the issuers' documents. */
const HITS: readonly (readonly [text: string, ...found: string[]])[] = [
  ['write to john.doe+tag@example.co.uk, thanks', 'email john.doe+tag@example.co.uk'],
  ['"john doe"@example.com is odd', 'email "john doe"@example.com'],
  ['用户@例子.网络', 'email 用户@例子.网络'],
  ['josé@exämple.de!', 'email josé@exämple.de'],
  ['root@[192.168.2.1]', 'email root@[192.168.2.1]'],
  ['a@example.com;b@example.com', 'email a@example.com', 'email b@example.com'],
  ['SSN 123-45-6789.', 'ssn 123-45-6789'],
  ['123–45–6789', 'ssn 123–45–6789'],
  ['social security number: 123456789', 'ssn 123456789'],
  ['tax id 911-70-1234', 'ssn 911-70-1234'],
  ['BSN: 123456782', 'bsn 123456782'],
  ['pay with 4111 1111 1111 1111 exp 12/26', 'credit_card 4111 1111 1111 1111'],
  ['4111-1111-1111-1111 123', 'credit_card 4111-1111-1111-1111'],
  [`${'2023 '.repeat(7)}4111 1111 1111 1111`, 'credit_card 4111 1111 1111 1111'],
  ['3782 822463 10005', 'credit_card 3782 822463 10005'],
  ['my card 676222165679', 'credit_card 676222165679'],
  // Rows of tables: what stands before and behind a comma is a cell of its own.
  ['id,card,sum\n17,4111111111111111,10.50\n', 'credit_card 4111111111111111'],
  ['bob,4111 1111 1111 1111', 'credit_card 4111 1111 1111 1111'],
  ['1,bob,378282246310005,12/27', 'credit_card 378282246310005'],
  ['17,536-90-4399,Bob', 'ssn 536-90-4399'],
  ['name,ssn\nbob,536904399,x', 'ssn 536904399'],
  ['17,Bob,+14155552671,12', 'phone +14155552671'],
  ['Bob,(415) 555-2671,12', 'phone (415) 555-2671'],
  ['17,110101199003074477,Bob', 'national_id 110101199003074477'],
  ['17\t110101199003074477\t4', 'national_id 110101199003074477'],
  ['IBAN GB82 WEST 1234 5698 7654 32 thanks', 'iban GB82 WEST 1234 5698 7654 32'],
  ['MT84 MALT 0110 0001 2345 MTLC AST0 01S', 'iban MT84 MALT 0110 0001 2345 MTLC AST0 01S'],
  ['de89370400440532013000', 'iban de89370400440532013000'],
  ['from 203.0.113.7 port 22', 'ip_address 203.0.113.7'],
  ['http://203.0.113.7:8080/x', 'ip_address 203.0.113.7'],
  ['route 10.0.0.0/8.', 'ip_address 10.0.0.0/8'],
  ['[2001:db8::1]:443', 'ip_address 2001:db8::1'],
  ['fe80::1%eth0 is up', 'ip_address fe80::1%eth0'],
  ['::ffff:192.0.2.1', 'ip_address ::ffff:192.0.2.1'],
  ['684D:1111:222:3333:4444:5555:6:77', 'ip_address 684D:1111:222:3333:4444:5555:6:77'],
  ['MAC aa:bb:cc:dd:ee:ff', 'mac_address aa:bb:cc:dd:ee:ff'],
  ['01-b3-4a-67-d9-cf', 'mac_address 01-b3-4a-67-d9-cf'],
  ['(415) 555-0132', 'phone (415) 555-0132'],
  ['1-800-555-0132', 'phone 1-800-555-0132'],
  ['call 650-253-0000 x4567 now', 'phone 650-253-0000 x4567'],
  ['+44 20 7031 3000', 'phone +44 20 7031 3000'],
  ['Fax: +49 (0)89 636-48018', 'phone +49 (0)89 636-48018'],
  ['0680 298 70 63', 'phone 0680 298 70 63'],
  ['Mobile: 432 03 163', 'phone 432 03 163'],
  ['781 1704 office', 'phone 781 1704'],
  ['{"phone":"2015550123"}', 'phone 2015550123'],
  ['手机号 13812345678', 'phone 13812345678'],
  ['8 (495) 123-45-67 телефон', 'phone 8 (495) 123-45-67'],
  ['DOB: 01/15/1990', 'date_of_birth 01/15/1990'],
  ['born on January 15, 1990 in', 'date_of_birth January 15, 1990'],
  ['geboren am 15.01.1990', 'date_of_birth 15.01.1990'],
  ['Passport: AB1234567', 'passport AB1234567'],
  ['Reisepass C01234565 ausgestellt am 01.01.2020', 'passport C01234565'],
  ["driver's license D123-4567-8901", 'driver_license D123-4567-8901'],
  ['MORGA657054SM9IJ', 'driver_license MORGA657054SM9IJ'],
  ['sort code 12-34-56 account 12345678', 'bank_account 12-34-56', 'bank_account 12345678'],
  ['routing 021000021', 'bank_account 021000021'],
  ['MRN: 12345678', 'medical_record 12345678'],
  ['1EG4-TE5-MK73', 'medical_record 1EG4-TE5-MK73'],
  ['NHS number 943 476 5919', 'medical_record 943 476 5919'],
  ['AKIAIOSFODNN7EXAMPLE', 'aws_key AKIAIOSFODNN7EXAMPLE'],
  [
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'aws_key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  ],
  ['api_key: abcdefghijklmnopqrstuvwxyz123456', 'api_key abcdefghijklmnopqrstuvwxyz123456'],
  ['National Insurance YZ 61 48 68 B', 'national_id YZ 61 48 68 B'],
  ['CPF 111.444.777-35', 'national_id 111.444.777-35'],
  ['my pesel is 44051401458.', 'national_id 44051401458'],
  ['Aadhaar 3998-7654-3211', 'national_id 3998-7654-3211'],
  ['RSSMRA85T10A562S', 'national_id RSSMRA85T10A562S'],
  ['henkilötunnus 131052-308T', 'national_id 131052-308T'],
  ['여권번호는 M789C1234입니다', 'passport M789C1234'],
  ['16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ', 'crypto_address 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ'],
  ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'crypto_address bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ['0x52908400098527886E0F7030069857D2E4169EE7', 'crypto_address 0x52908400098527886E0F7030069857D2E4169EE7'],
  ['My address is SW1A 1AA in London', 'postcode SW1A 1AA'],
  ['from M1 1AE, Manchester to EC1A 1BB', 'postcode M1 1AE', 'postcode EC1A 1BB'],
  ['postcode: M1 1GB', 'postcode M1 1GB'],
  ['CR26XH', 'postcode CR26XH'],
  ['cr2 6xh', 'postcode cr2 6xh'],
  ['the car AB51 ABC was seen', 'vehicle_registration AB51 ABC'],
  ['AB51ABC', 'vehicle_registration AB51ABC'],
  ['A123 BCD', 'vehicle_registration A123 BCD'],
  ['ABC 123D', 'vehicle_registration ABC 123D'],
  ['plaka 34 ABC 123, kırmızı', 'vehicle_registration 34 ABC 123'],
  ['06 J 1234', 'vehicle_registration 06 J 1234'],
  ['MH 12 AB 1234 stood there', 'vehicle_registration MH 12 AB 1234'],
  ['registered as KA05MG1234.', 'vehicle_registration KA05MG1234'],
  ['22 BH 1234 AA', 'vehicle_registration 22 BH 1234 AA'],
  ['Plates: KJA-123AB and ABC-456CD', 'vehicle_registration KJA-123AB', 'vehicle_registration ABC-456CD'],
  ['Kennzeichen HH-AB 12, blau', 'vehicle_registration HH-AB 12'],
  ['S AB 12E', 'vehicle_registration S AB 12E'],
  ['immatriculation AB-123-CD', 'vehicle_registration AB-123-CD'],
  ['matrícula 1234 BCD', 'vehicle_registration 1234 BCD'],
  ['Amtsgericht München HRB 95', 'national_id HRB 95'],
  ['see HRB 12345 there', 'national_id HRB 12345'],
  ['A1234567', 'passport A1234567'],
  ['M123A4567', 'passport M123A4567'],
  ['Z12345678', 'passport Z12345678'],
  ['yb1234567', 'passport yb1234567'],
  ['PAA123456', 'passport PAA123456'],
  ['GE123456780', 'driver_license GE123456780'],
  ['ABC1234567', 'national_id ABC1234567'],
  ['S1234567A', 'national_id S1234567A'],
  ['FO999512018AA1AB', 'driver_license FO999512018AA1AB'],
  ['133/8150/8159', 'national_id 133/8150/8159'],
  ['532 123 45 67', 'phone 532 123 45 67'],
  [
    'SSN 123-45-6789, phone 555-123-4567, card 4111111111111111, ip 10.0.0.1, a@b.com',
    'ssn 123-45-6789',
    'phone 555-123-4567',
    'credit_card 4111111111111111',
    'ip_address 10.0.0.1',
    'email a@b.com',
  ],
];

/** What looks like one and is none: check digits that fail, and the numbers of everyday texts. */
const MISSES: readonly string[] = [
  '4012-8888-8888-1882',
  'my card number is 36168002586008',
  'GB82 WEST 1234 5698 7654 33',
  'call me at 4012888888881882',
  '000-12-3456',
  '666-12-3456',
  '123-00-4567',
  '123-45-0000',
  '123-45-678',
  '111111-111A',
  'FQ 00 00 00 C',
  '12345678A',
  'version 1.2.3.4',
  'Chrome/120.0.0.0',
  'python==3.11.4.1',
  '192.168.1.256',
  'text192.168.1.1',
  'Kong 3.14.0.9',
  '1.3.6.1.4.1.311',
  'std::cout',
  'a::b::c',
  'arr[::2]',
  '12:34:56',
  'Port 80:443',
  'fe80::1text',
  'FF:FF:FF:FF:FF:FF',
  '00:1A:2B:3C:4D',
  'order 1234567890',
  'ticket #1234567',
  'zip 90210-1234',
  'id: 1234567890123',
  'ISBN 978-3-16-148410-0',
  'SKU 123-456-789',
  '3/10/1984',
  '2012-01-02 08:00',
  '20120102 08:00',
  'Date: 2024-05-01',
  '2024-05-01T12:34:56.789Z',
  '1700000000',
  '1699999999999',
  '$1,234,567.89',
  '80.585 [79.964, 81.191]',
  '0.123456789',
  'between 1990 and 2000',
  'pages 1234-5678',
  '1 2 3 4 5 6 7 8 9 10',
  '550e8400-e29b-41d4-a716-446655440000',
  '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '0x7fffffff',
  'npm i react@18.2.0',
  'git@github.com:org/repo.git',
  'icon@2x.png',
  '@decorator',
  'getty@tty1.service',
  'x @ y.com',
  '16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ2',
  'my passport must be ready by then',
  'VA1 1AA',
  'M1 1CA',
  'it runs on M1 8GB and is the E1 2ND of them',
  'the part B12 3XY.4 and x-EC1A 1BB',
  'see AB51 ABC',
  'AB35 ABC',
  'AQ51 ABC',
  'ABC 123I',
  'A4 PDF',
  'FIG 1A',
  '82 ABC 123',
  '05 MAY 2021',
  'as of 12 THE 345',
  'XX12AB1234',
  'AB-1234CD',
  'ab 12 34',
  'BAB1234',
  'UP TO 100',
  '1024 PNG',
  'a hardness of HRB 95, as the HRA 1998 says',
  'A0123456',
  'the ticket AB1234567 of today',
  'RFC 2119, SHA-256, HTTP 404, ISO 9001, UTF-8, P256',
  'I was born in 1990',
];

describe('PiiDetector', () => {
  it.each(HITS)('finds in %j', (text, ...expected) => expect(found(text)).toEqual(expected));

  it.each(MISSES)('finds nothing in %j', (text) => expect(found(text)).toEqual([]));

  it('reads the label like a word in front', () => {
    expect(found('123456789', 'socialSecurityNumber')).toEqual(['ssn 123456789']);
    expect(found('123456789', 'count')).toEqual([]);
    expect(found('ec1a 1bb', 'postcode')).toEqual(['postcode ec1a 1bb']);
    expect(found('ABC 123D', 'productName')).toEqual([]);
    expect(found('2015550123', 'home_phone')).toEqual(['phone 2015550123']);
    expect(found('k3yk3yk3yk3yk3yk3yk3y', 'apiKey')).toEqual(['api_key k3yk3yk3yk3yk3yk3yk3y']);
  });

  it('takes a bare number with a check digit for an identifier only where its label does not speak against it', () => {
    expect(found('44051401458', 'text')).toEqual(['national_id 44051401458']);
    expect(found('44051401458', 'orderId')).toEqual([]);
    expect(found('it took 44051401458 steps')).toEqual([]);
  });

  it('leaves out what is switched off, without calling it something else', () => {
    const text = 'call me: 4111 1111 1111 1111, a@b.com';
    expect(new PiiDetector({ detectCreditCard: false, detectEmail: false }).find(text)).toEqual([]);
    expect(new PiiDetector({ detectUrl: true }).find('see https://example.com/x.')).toMatchObject([
      { type: 'url', start: 4, end: 25 },
    ]);
  });

  it('finds what stands anywhere in a long table', () => {
    for (let cells = 100; cells < 150; cells += 1) {
      const text = '7 '.repeat(cells) + '4111 1111 1111 1111 2 GB82 WEST 1234 5698 7654 32 1';
      expect(found(text), String(cells)).toEqual([
        'credit_card 4111 1111 1111 1111',
        'iban GB82 WEST 1234 5698 7654 32',
      ]);
    }
  });

  it('covers the whole text when there are too many findings', () => {
    const text = 'a@b.co '.repeat(10_001);
    expect(mergeFindings(detector.find(text))).toMatchObject([{ type: 'pii', start: 0, end: text.length }]);
  });

  const strategies: MaskStrategy[] = ['redact', 'partial', 'hash', 'tokenize', 'remove'];
  it.each(strategies)('finds nothing in what %s leaves', (strategy) => {
    for (const [text] of HITS) {
      const masked = mergeFindings(detector.find(text)).reduceRight(
        (rest, { type, start, end }) =>
          rest.slice(0, start) + mask(text.slice(start, end), type, strategy) + rest.slice(end),
        text,
      );
      expect(found(masked), masked).toEqual([]);
    }
  });

  it('reads as much text as content may have, though it be one number', () => {
    expect(detector.find('1'.repeat(CONTENT_LIMITS.chars))).toEqual([]);
  });

  it('reads numbers without a blank in linear time where letters take two bytes', () => {
    expect(detector.find('1234567中'.repeat(CONTENT_LIMITS.chars / 8))).toEqual([]);
  });

  it.each([
    '1',
    '1 ',
    '12-',
    '1.',
    '1:',
    'a@',
    'a@a.',
    '"@',
    '+1',
    '(1)',
    'GB82WEST ',
    '4111 1111 1111 1112 ',
    'call 12345678 ',
    'A1',
    'api_key=',
  ])('reads a long repetition of %j in linear time', (pump) => {
    detector.find(pumped(pump));
  });
});
