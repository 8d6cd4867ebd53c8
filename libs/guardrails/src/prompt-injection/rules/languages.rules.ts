import { family, type PhraseRow } from '../phrase-rules.js';

/** Within one sentence; a look-ahead for each, since two open gaps in a row would try every pair of places. */
const soon = (words: string): string => String.raw`(?=[^.!?。！？\n]{0,70}?(?:${words}))`;
/** Verb first; then, in any order, which orders, and that they came before. */
const verbFirst = (language: string, verbs: string, earlier: string, orders: string): PhraseRow => [
  `ignore_previous_${language}`,
  0.6,
  verbs,
  String.raw`${soon(earlier)}[^.!?。！？\n]{0,70}?(?:${orders})`,
];
/** The verb comes last. */
const verbLast = (language: string, earlier: string, orders: string, verbs: string): PhraseRow => [
  `ignore_previous_${language}`,
  0.6,
  earlier,
  String.raw`${soon(orders)}[^.!?。！？\n]{0,40}?(?:${verbs})`,
];

/** People who lost theirs, and the forms they are sent to. */
const FORGOTTEN =
  'vergess|zurücksetz|oubli|réinitial|olvid|restablec|diment|reimpost|esquec|redefin|vergeten|zapomn|забыл|сброс|unut|sıfırla|lupa|quên|忘|重置|修改|変更|リセット|잊|재설정|변경|نسي|भूल|ลืม';
/** The secret, with someone asking in the same sentence, before or after. */
const secret = (language: string, nouns: string, asks: string): PhraseRow => [
  `secret_${language}`,
  0.5,
  nouns,
  String.raw`(?![^.!?。！？\n]{0,40}(?:${FORGOTTEN}))(?:(?<=(?:${asks})[^.!。！\n]{0,60})|(?=[^.!?。！？\n]{0,40}(?:${asks})))`,
];

/** The classic override, and the classic questions for secrets, in other languages than English. */
export const LANGUAGE_RULES = [
  ...family('instruction_override', [
    verbFirst(
      'de',
      'ignorier\\w*|vergiss|vergessen|vergesst|missachte\\w*|beachte|verwirf',
      'vorherig|vorig|bisherig|obig|früher|frueher|vorangegangen|vorangehend|ursprünglich|alle[sn]?\\b|oben|nicht mehr',
      'anweisung|instruktion|befehl|vorgabe|regeln|richtlinie|prompt|was (?:ich|du|vorher|dir)|vorherige|aufforderung|eingabe',
    ),
    verbFirst(
      'fr',
      'ignor\\w*|oubli\\w*|néglig\\w*|neglig\\w*',
      'pr[eé]c[eé]dent|ant[eé]rieur|ci-dessus|pr[eé]alable|initiale|toute|tout ce|avant',
      'instruction|consigne|ordre|directive|r[eè]gle|commande|tout ce|prompt|indication',
    ),
    verbFirst(
      'es',
      'ignor\\w*|olvid\\w*|descart\\w*|omit\\w*|desatiend\\w*|haz',
      'anterior|previ[ao]|antes|arriba|todas? las|todo lo|caso omiso',
      'instrucci[oó]n|indicaci[oó]n|orden|[oó]rdenes|directri|reglas|comando|todo lo|mensaje|lo que',
    ),
    verbFirst(
      'it',
      'ignor\\w*|dimentic\\w*|trascur\\w*',
      'precedent|anterior|sopra|tutte le|tutto ci[oò]|prima|iniziali',
      'istruzion|indicazion|ordin|direttiv|regol|comand|tutto ci|prompt',
    ),
    verbFirst(
      'pt',
      'ignor\\w*|esque[cç]\\w*|desconsider\\w*|descart\\w*',
      'anterior|pr[eé]vi[ao]|acima|todas? as|tudo|antes',
      'instru[cç]|orienta[cç]|ordens|ordem|comando|diretri|regra|tudo|indica[cç]',
    ),
    verbFirst(
      'nl',
      'negeer\\w*|vergeet|veronachtzaam',
      'vorige|eerdere|voorgaande|bovenstaande|alle\\b|alles',
      'instructie|opdracht|aanwijzing|regels|bevel|prompt|alles wat|richtlijn',
    ),
    verbFirst(
      'pl',
      'zignoruj\\w*|ignoruj\\w*|zapomnij\\w*|pomiń\\w*|pomin\\w*',
      'poprzedni|wcześniejsz|wczesniejsz|powyższ|powyzsz|wszystki',
      'instrukcj|polece|wskazów|wskazow|zasad|rozkaz|wszystk|prompt',
    ),
    verbFirst(
      'ru',
      'игнорируй\\S*|проигнорируй\\S*|игнорировать|забудь\\S*|забыть|отмени\\S*|пренебреги\\S*',
      'предыдущ|прежн|вышеуказанн|вышеизложенн|прошл|выше|ранее|все\\s|всё|до этого',
      'инструкц|указани|команд|правил|распоряжени|промпт|запрос|все, что|всё, что',
    ),
    verbFirst(
      'uk',
      'ігноруй\\S*|проігноруй\\S*|забудь\\S*',
      'попередн|вищезазначен|усі|всі|раніше',
      'інструкц|вказівк|команд|правил',
    ),
    verbFirst(
      'cs',
      'ignoruj\\S*|zapomeň\\S*|zapomen\\S*',
      'předchoz|predchoz|výše|všechn|vsechn',
      'pokyn|instrukc|příkaz|prikaz|pravid',
    ),
    verbFirst(
      'ro',
      'ignor\\S*|uit[aăați]+',
      'anterioar|precedent|de mai sus|toate',
      'instrucțiun|instructiun|comenz|reguli|indicați',
    ),
    verbFirst(
      'sv',
      'ignorer\\S*|glöm\\S*|bortse\\S*|glem\\S*|strunta',
      'tidigare|föregående|ovan|forrige|tidligere|alla|alle|foregående',
      'instruktion|instruksj|anvisning|order|regler|kommando',
    ),
    verbFirst('el', 'αγνό\\S*|αγνο\\S*|ξέχασ\\S*|ξεχάσ\\S*', 'προηγούμεν|παραπάνω|όλες', 'οδηγί|εντολ|κανόν'),
    verbFirst(
      'id',
      'abaikan|lupakan|hiraukan',
      'sebelum|di atas|semua|terdahulu',
      'instruksi|perintah|arahan|petunjuk|aturan',
    ),
    verbFirst('vi', 'bỏ|phớt|quên|hãy', 'trước|ở trên|tất cả', 'hướng dẫn|chỉ dẫn|lệnh|quy tắc|chỉ thị'),
    verbFirst('tl', 'huwag|balewalain|kalimutan', 'nakaraang|naunang|lahat', 'tagubilin|utos|instruksyon|panuto'),
    verbFirst(
      'ar',
      'تجاهل\\S*|انس\\S*|إنس\\S*|أهمل\\S*|اهمل\\S*|انسى',
      'السابق|سابق|أعلاه|السالف|كل|جميع',
      'تعليمات|الأوامر|اوامر|أوامر|توجيهات|إرشادات|ارشادات|القواعد|ما سبق',
    ),
    verbFirst('he', 'התעלם\\S*|תתעלם\\S*|שכח\\S*|תשכח\\S*', 'קודמ|הקודמ|לעיל|כל', 'הוראות|ההוראות|הנחיות|ההנחיות|פקוד'),
    verbFirst(
      'zh',
      '忽略|无视|無視|忽视|忽視|忘记|忘記|忘掉|不要理会|不要遵守|不要管|丢弃|请忽略|抛开',
      '之前|以前|先前|上面|以上|前面|此前|所有|上述|一切|原来|你的',
      '指示|指令|命令|说明|說明|提示|规则|規則|要求|内容|內容|设定|对话|指导|限制',
    ),
    verbLast(
      'ja',
      '以前|これまで|上記|前の|今まで|すべて|全て|先ほど|以上|過去|元の',
      '指示|命令|プロンプト|ルール|指令|内容|制約|設定',
      '無視|忘れ|破棄|従わない',
    ),
    verbLast(
      'ko',
      '이전|위의|위에|앞의|앞선|지금까지|모든|기존|이때까지',
      '지시|명령|지침|프롬프트|규칙|내용|설정',
      '무시|잊|따르지',
    ),
    verbLast(
      'tr',
      'önceki|yukarıdaki|daha|tüm|bütün|onceki|evvelki|şimdiye',
      'talimat|komut|yönerge|kural|emir|istem',
      'yoksay|yok say|görmezden|unut|dikkate alma|gözardı|göz ardı|boşver',
    ),
    verbLast(
      'hi',
      'पिछले|पिछली|पूर्व|उपरोक्त|पहले|ऊपर|सभी',
      'निर्देश|आदेश|नियम|हिदायत|अनुदेश',
      'अनदेखा|अनदेखी|नज़रअंदाज|नजरअंदाज|नज़रअंदाज़|उपेक्षा|भूल|ध्यान न',
    ),
    verbLast('bn', 'পূর্ববর্তী|আগের|উপরের|সমস্ত', 'নির্দেশ|আদেশ', 'উপেক্ষা|অগ্রাহ্য|ভুলে'),
    verbLast('fa', 'دستور\\S*|تمام|همه', 'قبلی|پیشین|بالا|دستور', 'نادیده|فراموش|توجه نکن'),
    verbLast('th', 'เพิกเฉย|ละเว้น|ไม่สนใจ|ลืม|เพิก', 'คำสั่ง|คำแนะนำ', 'ก่อน|ข้างต้น|ทั้งหมด'),
  ]),
  ...family('secret_request', [
    secret(
      'de',
      'passwort|kennwort|passphrase|geheimwort|geheimcode|geheimen schlüssel|geheimer schlüssel|geheime schlüssel|systemprompt',
      'was ist|wie lautet|verrat|nenn|\\bsag|\\bgib|zeig|mitteil|teile|erzähl',
    ),
    secret(
      'fr',
      'mot de passe|mot secret|clé secr\\S*|clef secr\\S*|code secret|phrase secr\\S*',
      'quel(?:le)? est|donne|dites|\\bdis\\b|\\bdire\\b|r[eé]v[eè]l|montre|partag',
    ),
    secret(
      'es',
      'contraseña|clave secreta|palabra secreta|código secreto|frase secreta',
      'cu[aá]l es|\\bdime|\\bdame|decirme|darme|revel|compart|mu[eé]stra|proporci[oó]na',
    ),
    secret(
      'it',
      'password|chiave segreta|parola segreta|parola d|codice segreto|frase segreta',
      'qual [eè]|\\bdimmi|\\bdammi|rivel|condivid|mostrami|\\bdirmi',
    ),
    secret(
      'pt',
      'senha|chave secreta|palavra-passe|palavra secreta|código secreto',
      'qual [eé]|\\bdiga|me d[eê]|revel|compartilh|mostre|\\bconte\\b|me dizer|forne[cç]a',
    ),
    secret('nl', 'wachtwoord|geheime sleutel|geheim woord', 'wat is|\\bgeef|vertel|onthul|\\bdeel'),
    secret('pl', 'hasło|haslo|hasła|tajny klucz', 'jakie jest|podaj|ujawnij|powiedz|zdradź'),
    secret(
      'ru',
      'пароль|пароля|секретный ключ|секретное слово|кодовое слово',
      'какой|каков|скажи|назови|раскр|сообщи|расскажи|подели|скажете',
    ),
    secret('tr', 'şifre\\S*|parola\\S*|gizli anahtar\\S*', 'nedir|\\bne\\?|söyle|paylaş|açıkla'),
    secret(
      'id',
      'kata sandi|kunci rahasia|kata rahasia',
      '\\bapa\\b|berikan|katakan|bagikan|ungkap|sebutkan|beri tahu',
    ),
    secret('vi', 'mật khẩu|mật mã|khóa bí mật', 'là gì|cho tôi|tiết lộ|nói|chia sẻ'),
    secret('tl', 'password', 'ano ang|sabihin|ibigay|ibahagi'),
    secret('sw', 'nenosiri|nywila', '\\bni nini|niambie|nipe|shiriki'),
    secret(
      'ar',
      'كلمة المرور|كلمة السر|الرقم السري|المفتاح السري',
      'ما هي|ما هو|أخبرن|اخبرن|اعطن|أعطن|اكشف|شارك|تخبرن',
    ),
    secret('hi', 'पासवर्ड|गुप्त कुंजी|गुप्त शब्द', 'क्या है|बताओ|बताइए|बताएं|बता सक|साझा'),
    secret('bn', 'পাসওয়ার্ড|গোপন কী', 'কী\\?|কি\\?|বলুন|বলো|শেয়ার'),
    secret(
      'zh',
      '密码(?!学)|密碼(?!學)|口令|密钥|密鑰|暗号|暗號',
      '是什么|是甚麼|是什麼|告诉我|告訴我|透露|给我|給我|说出|說出|分享',
    ),
    secret('ja', 'パスワード|秘密の言葉|秘密の鍵|合言葉|秘密鍵', '教えて|何です|ですか|開示|見せて|共有して'),
    secret('ko', '비밀번호|암호|비밀 키|패스워드', '알려|무엇|뭐|말해|공유|공개'),
    secret('th', 'รหัสผ่าน|รหัสลับ|กุญแจลับ', 'คืออะไร|บอก|แชร์|เปิดเผย'),
    secret('el', 'κωδικός|κωδικό|μυστικό κλειδί', 'ποιος είναι|ποιο είναι|πες|δώσε|αποκάλυψ|μοιρα'),
  ]),
];
