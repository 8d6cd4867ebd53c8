/** What a name has to hold before it is looked at. Names are split where a word begins: `dbPassword`, `DB_PASSWORD`. */
export const KEYWORDS = [
  'passw',
  'passphrase',
  'passcode',
  'pass',
  'pwd',
  'pswd',
  'psw',
  'pw',
  'kennwort',
  'senha',
  'contrasena',
  'motdepasse',
  'secret',
  'token',
  'key',
  'cred',
  'auth',
  'bearer',
  'salt',
];

const SUFFIX =
  '(?:[_.-]?(?:\\d{1,4}|base|value|val|str|string|text|plain|raw|clear|prod(?:uction)?|dev(?:elopment)?|test|live|stag(?:e|ing)|main|default|old|new|current|base64|b64|encoded|encrypted|hash|primary|secondary|master|root|admin|user|me|v\\d))?$';

/** A name that ends so holds what a person chose. All names are in small letters here, with `_` between words. */
export const PASSWORD_NAME = new RegExp(
  '(?:pass(?:wor[dt]|wd|phrase|code)|passw|pwd|pswd|(?:^|[_.-])(?:db|my|user|root|admin|smtp|e?mail|ftp|sql|ssh|key|store|auth|login)?(?:pass|psw|pw)|kennwort|(?:^|[_.-])senha|contrasena|mot_?de_?passe)' +
    SUFFIX,
);
/** A name that ends so holds a secret that a person or a program chose. */
export const SECRET_NAME = new RegExp('secret(?:[_.-]?(?:access)?[_.-]?key)?' + SUFFIX);
/** A name that ends so holds what a program made. */
export const TOKEN_NAME = new RegExp(
  '(?:token|(?:^|[_.-])salt|(?:^|[_.-])auth(?:entication|orization)?|(?:^|[_.-])cred(?:ential)?s?|bearer|' +
    '(?:api|app|application|access|private|auth|encryption|encrypt|encoding|signing|sign|signature|master|licen[sc]e|account|subscription|shared|' +
    'consumer|client|service|admin|deploy|write|read|ingest|ingestion|integration|storage|session|hmac|aes|des|rsa|jwt|cipher|crypto|security|user|' +
    'server|webhook|publish|upload|bot|sdk|rest|instance|host|function|instrumentation|management|install|personal|project|internal|partner|gateway|' +
    'merchant|report|stream|writer|reader|secondary|developer|dev|prod|test|live|sandbox)[_.\\s-]?key)' +
    SUFFIX,
);
/** Any other key: only what is surely random. */
export const KEY_NAME = /(?:^|[_.\-\s])key$/;

/** Names that end like one of a secret and are none. */
export const HARMLESS_NAME =
  /(?:^|[_.\-\s])(?:longest|shortest|max|min|num|public|pub|gpg|pgp|ssh|primary|foreign|partition|sort|cache|object|row|index|idempotency|dedup\w*|next|page|pagination|continuation|prev|start|sync|resume|cursor|etag|group|map|hot|short|search|translation|i18n|locale|message|string|dict|sub|super|registry|lookup|join|unique|composite|surrogate|tab|arrow|enter|shift|alt|ctrl|escape|ssh[_.-]?rsa|fingerprint|s3|bucket|blob|file|image|avatar|design|lexer|css|cancellation|cancel|syntax|parser?|keyword|word|separator|no|without|forgot|reset|change|wrong|invalid|missing|incorrect|bad|requires?|has|is|needs?|check|verify|validate|get|find|read|fetch|load|ask|prompt|show|hide|toggle|generate|random|kms|data|csrf|xsrf|anti[_-]?forgery)[_.\s-]?(?:key|token|password|pass|secret|auth)$/;

/** Who gives out keys: a name that holds one of these may hold a key, whatever else it says. */
export const PROVIDERS = (
  'abuseipdb abyssale accuweather adafruit adobe adzuna agora airtable aiven alchemy algolia alienvault ' +
  'amadeus amplitude anypoint apiflash apilayer apimatic apimetrics appcues appfollow appoptics apptivo ' +
  'asana assemblyai atlassian auth0 autodesk aviationstack aweber axonaut aylien ayrshare bannerbear ' +
  'baremetrics beamer besttime billomat bitbucket bitfinex bitly bitmex blazemeter blocknative blynk ' +
  'borgbase braintree brandfetch browserstack browshot bscscan bugherd bugsnag buildkite bulksms buttercms ' +
  'calendly calorieninja campayn cannyio capsulecrm caspio chartmogul chatfuel checklyhq checkvist circleci ' +
  'clarifai clearbit clicksend clickup clockify closecrm cloudconvert cloudflare cloudinary cloudmersive ' +
  'codacy codeclimate codecov codemagic cohere coinapi coinbase coinlayer coinlib commercejs companyhub ' +
  'confluent contentful contentstack convertkit couchbase countrylayer coveralls craftmypdf currencylayer ' +
  'currencyscoop currentsapi customerio databento databox datadog datagov deepai deepgram deepl deepseek ' +
  'detectify detectlanguage dfuse diffbot discord disqus docparser documo docusign dovico dronahq dropbox ' +
  'dwolla dynalist dyspatch eagleeye easyinsight ecostruxure edamam edenai eightxeight elastic elasticemail ' +
  'enablex etherscan ethplorer eventbrite everhour exchangerate facebook fastly fibery fileio findl finnhub ' +
  'fixerio flatio fleetbase flexport flickr flightapi flightlabs flightstats flowflu formbucket formcraft ' +
  'formio formsite foursquare freshdesk fullstory fxmarket geckoboard geoapify geocodio getemail getgeoapi ' +
  'getgist getresponse giphy github gitlab gitter glassnode gocardless grafana graphcms graphhopper ' +
  'groovehq groq gtmetrix gumroad gyazo happyscribe hellosign helpcrunch helpscout hereapi heroku hivage ' +
  'honeycomb hubspot huggingface hypertrack iconfinder iexcloud imagekit imagga infura insightly instamojo ' +
  'intercom interseller invoiceocean ip2location ipapi ipgeolocation ipinfo ipquality ipstack jira jotform ' +
  'jumpcloud keenio kickbox klaviyo kontent kraken kucoin lastfm leadfeeder lemlist lexigram linenotify ' +
  'linkedin linkpreview livestorm locationiq loginradius logzio lokalise loyverse madkudu mailboxlayer ' +
  'mailchimp mailerlite mailgun mailjet mailmodo mailsac mandrill mapquest marketstack meaningcloud ' +
  'mediastack meraki mesibo messagebird metaapi metabase metrilo mindmeister mistral mixpanel mockaroo ' +
  'monkeylearn moonclerk moosend moralis myfreshworks nasdaq netcore nethunt netlify newrelic newsapi ' +
  'newscatcher nftport nicereply nightfall notion numverify nylas nytimes oanda okta omnisend onbuka ' +
  'onelogin onesignal onfleet oopspam openai opencagedata opengraphr openuv openweather opsgenie orbitapi ' +
  'owlbot packagecloud pagerduty paralleldots parsehub partnerstack passbase pastebin paymo paymongo paypal ' +
  'paystack pdflayer pdfshift pendo peopledatalabs pepipost pinata pinecone pipedream pipedrive pivotal ' +
  'plaid planviewleankit planyo podio pollsapi poloniex polygon positionstack postageapp postmark powrbot ' +
  'prodpad prospectcrm protocolsio proxycrawl pubnub purestake pusher qualaroo qubole quickbooks rapidapi ' +
  'razorpay reallysimple rebrandly rentman repairshopr replicate revampcrm ringcentral ritekit rocketreach ' +
  'rollbar route4me rownd runrunit salesblink salescookie salesflare salesmate satismeter saucelabs ' +
  'scraperapi scraperbox scraperstack scrapestack scrapfly scrapingant scrapingbee screenshotapi ' +
  'screenshotlayer sellfy sendbird sendgrid sentry serphouse serpstack shipday shodan shopify shotstack ' +
  'shutterstock signalwire signaturit signupgenius sigopt simfin simplesat simplynoted simvoly sinchmessage ' +
  'siteleaf skybiometry slack smartling smartystreets smooch snipcart snyk sonar sonarcloud sparkpost ' +
  'speechtext splunk sportradar sportsmonk spotify sslmate stackhawk statuscake statuspage stitchdata ' +
  'stockdata storecove stormboard stormglass stripe stripo sugester sumologic supernotes surveyanyplace ' +
  'surveybot surveymonkey surveysparrow survicate swiftype tallyfy tatum tefter telegram telnyx terraform ' +
  'textmagic theoddsapi thinkific thousandeyes ticketmaster tiingo tineswebhook tmetric todoist toggltrack ' +
  'tomorrowio tomtom tradier travelpayouts travis trello twelvedata twilio twitch twitter tyntec typeform ' +
  'uclassify unifyid unplugg unsplash uplead uploadcare uptimerobot upwave urlscan userflow userstack ' +
  'vatlayer vercel veriphone versioneye viewneo virustotal visualcrossing voicegain vonage vouchery vpnapi ' +
  'wakatime walkscore weatherbit weatherstack webex webflow webscraper webscraping whoxy wistia worksnaps ' +
  'workstack worldcoinindex worldweather wrike yandex yelp youneedabudget yousign youtube zapier zendesk ' +
  'zenkit zenrows zenscrape zenserp zeplin zerobounce zerotier zipapi zipbooks zipcodeapi zonka'
).split(' ');
/** Names that end so tell who or where, whoever the provider is. */
export const IDENTIFIES =
  /(?:id|ids|url|uri|host|hostname|name|domain|version|hash|sha\d*|md5|digest|checksum|integrity|commit|rev|revision|ref|file|path|dir|user|username|email|type|length|size|region|account|project|org|team|channel|image|tag|etag|action|branch|repo|repository|link|page|public)\d{0,2}$/;

/** What follows stands for no secret, or for one that is yet to be chosen. */
export const PLACEHOLDER_WORDS =
  /example|sample|change[_-]?(?:me|it|this)|placeholder|replace|dummy|your|insert|redacted|masked|todo|fixme|secret[_-]?here|[_-]here$|goes[_-]?here|not[_-]real|[_-]fake|^fake|foo[_-]?bar|lorem|ipsum|abc123xyz$|^my[_-]?(?:api|access|secret|token|auth|client|private)?[_-]?(?:key|token|secret|value)$|^(?:some|the|an?|enter|put|add|set|use)[_\- ]|^test(?:ing)?$|^(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|key|credentials?)$/i;

/** Types, states and labels, which schemas, forms and code give instead of a value. */
export const TYPE_WORDS = new Set(
  (
    'string str text number int integer float bool boolean object array any unknown void never null nil none undefined true false yes no on off ' +
    'char varchar bytes byte buffer uuid date required optional hidden password passwd secret token key auth basic bearer default env prompt file ' +
    'stdin input value username user email name id type enabled disabled enable disable unset empty blank missing invalid valid wrong incorrect ' +
    'expired changed reset self this new return function class public private static final const let var async await import export from with and or ' +
    'not in is the a an to for of encrypted hashed plain plaintext base64 masked redacted removed deleted ignore skip auto generated manual ' +
    'always never sometimes inherit initial unsafe strict lax session cookie header query body path oauth oauth2 jwt saml ldap api aws gcp azure vault ' +
    'optional[str] field text/plain passwort kennwort wachtwoord contraseña senha parola hasło heslo lösenord adgangskode passord salasana jelszó пароль ' +
    '密码 密碼 パスワード 비밀번호 geheimnis geheim secreto segredo segreto jeton'
  ).split(' '),
);
