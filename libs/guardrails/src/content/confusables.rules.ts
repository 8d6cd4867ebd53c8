/** Letters that look like a Latin one: the Latin letter, then those that are taken for it. */
const LOOK_ALIKES = `
a аɑα
b ЬƄ
c сϲⅽ
d ԁɗ
e еҽєε
g ɡց
h һհ
i іıɩιӏ
j јϳ
k кκ
l ӏا
m м
n ոпη
o оοօσסه०੦
p рρ
q ԛգ
r гᴦ
s ѕꜱ
t тτ
u սυʋц
v ѵνѴ
w ԝшա
x хχ
y уүγ
z ᴢ
A АΑᎪ
B ВΒᏴ
C СϹᏟ
D Ꭰ
E ЕΕᎬ
F Ϝ
G ԌᏀ
H НΗᎻ
I ІΙӀ
J ЈᎫ
K КΚᏦ
L Ꮮ
M МΜᎷ
N Ν
O ОΟՕ
P РΡᏢ
Q Ԛ
R Ꭱ
S ЅՏ
T ТΤᎢ
U Ս
V ᏙѴ
W ԜᎳ
X ХΧ
Y ҮΥ
Z ΖᏃ
`;

/** By the code point of the look-alike. */
export const LATIN_LOOKALIKES: ReadonlyMap<number, string> = new Map(
  LOOK_ALIKES.trim()
    .split('\n')
    .flatMap((line) => {
      const [latin = '', alikes = ''] = line.split(' ');
      return Array.from(alikes, (alike) => [alike.codePointAt(0) ?? 0, latin] as const);
    }),
);

/** Latin letters with a stroke, that no decomposition takes apart. */
export const STROKED: ReadonlyMap<string, string> = new Map(
  Object.entries({ ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ħ: 'h', ŧ: 't', ſ: 's' }),
);
