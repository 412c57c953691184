// Names of invented persons. Given and family names are common ones of each country; whoever is made of them exists nowhere.

const table = (text) =>
  Object.fromEntries(
    text
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split('='))
      .map(([letter, latin]) => [letter, latin]),
  );
const LATIN = table(
  'а=a ә=a б=b в=v г=g ғ=g д=d е=e ё=e ж=zh з=z и=i й=i к=k қ=k л=l м=m н=n ң=n о=o ө=o п=p р=r с=s т=t у=u ұ=u ү=u ф=f х=kh һ=h ц=ts ч=ch ш=sh щ=shch ъ=ie ы=y і=i ь= э=e ю=iu я=ia',
);
// The Belarusian system of 2007, without diacritics.
const BELARUSIAN = { ...LATIN, г: 'h', х: 'kh', ў: 'u', і: 'i', й: 'i', ё: 'io', ю: 'iu', я: 'ia' };
const OTHER = { ...LATIN, й: 'y', ю: 'yu', я: 'ya', ж: 'j', қ: 'q', ё: 'yo' };
const RUSSIAN = { ә: 'а', ғ: 'г', қ: 'к', ң: 'н', ө: 'о', ұ: 'у', ү: 'у', һ: 'х', і: 'и' };

function write(text, table) {
  return [...text]
    .map((letter) => {
      const lower = letter.toLowerCase();
      const written = table[lower] ?? lower;
      return lower === letter ? written : written.charAt(0).toUpperCase() + written.slice(1);
    })
    .join('');
}

/** How a Cyrillic name of Kazakhstan or Kyrgyzstan is written in Russian. */
export const inRussian = (text) => write(text, RUSSIAN);
/** By the table of ICAO Doc 9303. */
export const inLatin = (text) => write(text, LATIN);
/** As people and clerks also write it. */
export const inOtherLatin = (text) => write(text, OTHER);
export const inBelarusianLatin = (text) => write(text, BELARUSIAN);

const words = (text) => text.trim().split(/\s+/);
const pairs = (text) => words(text).map((word) => word.split('/'));

/** Family names of men; women's add an ending where the language has one. */
const RU_FAMILIES = words(
  'Абрамов Белов Виноградов Волков Воробьёв Герасимов Голубев Данилов Егоров Ефимов Жуков Зайцев Захаров Игнатов Калинин Киселёв Комаров Кузнецов Лебедев Макаров Мельников Морозов Никитин Орлов Павлов Панов Поляков Рогов Сафонов Соловьёв Сорокин Тарасов Титов Уваров Фёдоров Фролов Цветков Чернов Шубин Щербаков',
);
const RU_WOMEN = words(
  'Алина Анна Валентина Вера Галина Дарья Евгения Екатерина Елена Зоя Ирина Ксения Лариса Любовь Людмила Марина Мария Надежда Наталья Нина Оксана Полина Раиса Светлана Софья Тамара Татьяна Юлия',
);
const RU_MEN = words(
  'Александр Алексей Андрей Борис Вадим Валерий Василий Виктор Владимир Геннадий Григорий Денис Дмитрий Евгений Игорь Константин Леонид Максим Михаил Николай Олег Павел Пётр Роман Сергей Станислав Степан Юрий',
);
const RU_FATHERS = pairs(
  'Александрович/Александровна Андреевич/Андреевна Борисович/Борисовна Васильевич/Васильевна Викторович/Викторовна Иванович/Ивановна Михайлович/Михайловна Николаевич/Николаевна Олегович/Олеговна Петрович/Петровна Сергеевич/Сергеевна Юрьевич/Юрьевна',
);

const KZ_FAMILIES = words(
  'Әбдіғалиев Айтбаев Ахметов Әлімжанов Байжанов Бекенов Бердібеков Досжанов Ержанов Есенов Жақсыбеков Жұмабаев Жүнісов Ибрагимов Исқақов Кәрімов Қазыбеков Қасымов Құдайбергенов Мақсатов Мұқанов Мұсаев Нұрғалиев Омаров Оразбаев Өмірбеков Рахимов Сағындықов Сәрсенов Серікбаев Сұлейменов Тілеубаев Төлегенов Тұрсынов Үмбетов Шаймерденов Шәкіров Ысқақов',
);
const KZ_WOMEN = words(
  'Айгүл Айжан Айнұр Алма Әсел Ақмарал Баян Бибігүл Ботагөз Гүлмира Гүлнәр Динара Жанна Жұлдыз Зере Зәуре Қарлығаш Құралай Ләззат Мәдина Меруерт Назгүл Нұргүл Перизат Сәуле Толқын Ұлжан Шолпан',
);
const KZ_MEN = words(
  'Асқар Әділ Бауыржан Бекзат Болат Ғалым Дәурен Дидар Ерболат Ерлан Жандос Жасұлан Қайрат Қанат Марат Мәди Мұрат Нұрлан Олжас Өмір Рүстем Самат Серік Талғат Тимур Ұлан Шыңғыс',
);

const KG_FAMILIES = words(
  'Абдыкадыров Акматов Алыбаев Асанов Атамбеков Байтиков Бекмамбетов Бөрүбаев Дөөлөтов Жакыпов Жолдошев Жумалиев Исабеков Ибраимов Кадыров Касымбеков Көчкөнов Кулматов Мамбетов Мамытов Муратбеков Нурматов Орозбеков Осмонов Өмүрзаков Рысбеков Садыков Сатыбалдиев Сыдыков Табалдиев Токтогулов Турдубаев Үсөнов Чотонов Шамбетов Шаршенов Шүкүров Эсенгулов',
);
const KG_WOMEN = words(
  'Айгүл Айнура Айпери Анара Асель Бактыгүл Бермет Бурул Венера Гүлбарчын Гүлмира Гүлсара Жаңыл Жыпара Зарина Кундуз Күмүш Мээрим Назира Нуржан Перизат Рахат Салтанат Сүйүн Токтокан Чолпон Чынара Элмира',
);
const KG_MEN = words(
  'Азамат Айбек Акыл Алмаз Бакыт Болот Данияр Жаныбек Жоомарт Замир Кубан Кубатбек Мирлан Нурбек Нурдин Өмүрбек Рустам Сагын Сыймык Таалай Талант Тилек Улан Үсөн Чыңгыз Шаршен Эмил Эркин',
);

const BY_FAMILIES = pairs(
  'Абрамовіч/Абрамович Адамовіч/Адамович Бандарэнка/Бондаренко Баранаў/Баранов Бяляўскі/Белявский Вайтовіч/Войтович Ганчарэнка/Гончаренко Данілаў/Данилов Дубоўскі/Дубовский Жданаў/Жданов Зайкаўскі/Зайковский Казлоў/Козлов Карпаў/Карпов Клімовіч/Климович Краўчанка/Кравченко Кісялёў/Киселёв Лазараў/Лазарев Лапіцкі/Лапицкий Ляшчынскі/Лещинский Мазураў/Мазуров Макаранка/Макаренко Навумовіч/Наумович Палякоў/Поляков Пракаповіч/Прокопович Раманаў/Романов Рудкоўскі/Рудковский Савіцкі/Савицкий Сакалоў/Соколов Сіняўскі/Синявский Талкачоў/Толкачёв Ткачэнка/Ткаченко Фралоў/Фролов Хацкевіч/Хацкевич Цімафееў/Тимофеев Чарнышоў/Чернышёв Шчарбакоў/Щербаков Юркевіч/Юркевич Якубовіч/Якубович',
);
const BY_WOMEN = pairs(
  'Аксана/Оксана Алена/Елена Алеся/Олеся Ала/Алла Ганна/Анна Вера/Вера Валянціна/Валентина Вольга/Ольга Галіна/Галина Дар’я/Дарья Ірына/Ирина Кацярына/Екатерина Ларыса/Лариса Людміла/Людмила Марына/Марина Марыя/Мария Надзея/Надежда Наталля/Наталья Ніна/Нина Раіса/Раиса Святлана/Светлана Соф’я/Софья Тамара/Тамара Таццяна/Татьяна Юлія/Юлия Яніна/Янина',
);
const BY_MEN = pairs(
  'Аляксандр/Александр Аляксей/Алексей Алег/Олег Анатоль/Анатолий Андрэй/Андрей Барыс/Борис Вадзім/Вадим Валерый/Валерий Васіль/Василий Вячаслаў/Вячеслав Генадзь/Геннадий Дзмітрый/Дмитрий Ігар/Игорь Канстанцін/Константин Леанід/Леонид Максім/Максим Міхаіл/Михаил Мікалай/Николай Павел/Павел Пётр/Пётр Раман/Роман Сяргей/Сергей Уладзімір/Владимир Юрый/Юрий Яўген/Евгений',
);

const AM_FAMILIES = pairs(
  'Աբրահամյան/Abrahamyan/Абраамян Ավետիսյան/Avetisyan/Аветисян Առաքելյան/Arakelyan/Аракелян Բաղդասարյան/Baghdasaryan/Багдасарян Բարսեղյան/Barseghyan/Барсегян Գասպարյան/Gasparyan/Гаспарян Գրիգորյան/Grigoryan/Григорян Դանիելյան/Danielyan/Даниелян Եղիազարյան/Yeghiazaryan/Егиазарян Զաքարյան/Zakaryan/Закарян Թադևոսյան/Tadevosyan/Тадевосян Խաչատրյան/Khachatryan/Хачатрян Կարապետյան/Karapetyan/Карапетян Հակոբյան/Hakobyan/Акопян Հարությունյան/Harutyunyan/Арутюнян Հովհաննիսյան/Hovhannisyan/Оганнисян Ղազարյան/Ghazaryan/Казарян Մանուկյան/Manukyan/Манукян Մարտիրոսյան/Martirosyan/Мартиросян Մելիքյան/Melikyan/Меликян Մինասյան/Minasyan/Минасян Մխիթարյան/Mkhitaryan/Мхитарян Մկրտչյան/Mkrtchyan/Мкртчян Նազարյան/Nazaryan/Назарян Ոսկանյան/Voskanyan/Восканян Պետրոսյան/Petrosyan/Петросян Պողոսյան/Poghosyan/Погосян Սահակյան/Sahakyan/Саакян Սարգսյան/Sargsyan/Саргсян Սիմոնյան/Simonyan/Симонян Ստեփանյան/Stepanyan/Степанян Վարդանյան/Vardanyan/Варданян Տեր-Պետրոսյան/Ter-Petrosyan/Тер-Петросян',
);
const AM_WOMEN = pairs(
  'Աիդա/Aida/Аида Ալինա/Alina/Алина Աննա/Anna/Анна Անուշ/Anush/Ануш Արմինե/Armine/Армине Արփինե/Arpine/Арпине Գայանե/Gayane/Гаяне Գոհար/Gohar/Гоар Զարուհի/Zaruhi/Заруи Էմմա/Emma/Эмма Թամարա/Tamara/Тамара Լիլիթ/Lilit/Лилит Լուսինե/Lusine/Лусине Կարինե/Karine/Карине Հասմիկ/Hasmik/Асмик Հռիփսիմե/Hripsime/Рипсиме Մարիամ/Mariam/Мариам Մարինե/Marine/Марине Նաիրա/Naira/Наира Նարինե/Narine/Нарине Նունե/Nune/Нуне Ռուզաննա/Ruzanna/Рузанна Սոնա/Sona/Сона Վարդուհի/Varduhi/Вардуи Տաթևիկ/Tatevik/Татевик',
);
const AM_MEN = pairs(
  'Ալեքսանդր/Aleksandr/Александр Արամ/Aram/Арам Արմեն/Armen/Армен Արսեն/Arsen/Арсен Արտակ/Artak/Артак Արտյոմ/Artyom/Артём Գագիկ/Gagik/Гагик Գարեգին/Garegin/Гарегин Գևորգ/Gevorg/Геворг Դավիթ/Davit/Давит Էդվարդ/Edvard/Эдвард Թիգրան/Tigran/Тигран Լևոն/Levon/Левон Կամո/Kamo/Камо Հայկ/Hayk/Айк Հրանտ/Hrant/Грант Մհեր/Mher/Мгер Նարեկ/Narek/Нарек Ռուբեն/Ruben/Рубен Սամվել/Samvel/Самвел Սուրեն/Suren/Сурен Վահան/Vahan/Ваган Վարդան/Vardan/Вардан Վիգեն/Vigen/Виген',
);

const ofWoman = (family) => {
  if (/(ов|ев|ёв|ин|ын)$/.test(family)) return `${family}а`;
  if (family.endsWith('ский')) return family.replace(/ий$/, 'ая');
  if (family.endsWith('ый') || family.endsWith('ий')) return family.replace(/[ыи]й$/, 'ая');
  if (/(аў|оў|еў|ёў)$/.test(family)) return family.replace(/ў$/, 'ва');
  if (/(скі|цкі)$/.test(family)) return family.replace(/і$/, 'ая');
  return family;
};

/** A name in the forms that registers write: `native`, `latin`, `russian`, each with `family` and `given`; `father` in Russian. */
export const people = {
  ru: (random, woman) =>
    named(random, woman, RU_FAMILIES, RU_WOMEN, RU_MEN, (family, given) => ({
      native: { family, given },
      russian: { family, given },
      latin: { family: inLatin(family), given: inLatin(given) },
    })),
  kz: (random, woman) => named(random, woman, KZ_FAMILIES, KZ_WOMEN, KZ_MEN, cyrillic),
  kg: (random, woman) => named(random, woman, KG_FAMILIES, KG_WOMEN, KG_MEN, cyrillic),
  by: (random, woman) => {
    const family = random.pick(BY_FAMILIES).map((form) => (woman ? ofWoman(form) : form));
    const given = random.pick(woman ? BY_WOMEN : BY_MEN);
    return withFather(random, woman, {
      native: { family: family[0], given: given[0] },
      russian: { family: family[1], given: given[1] },
      latin: { family: inBelarusianLatin(family[0]), given: inBelarusianLatin(given[0]).replace('’', '') },
    });
  },
  am: (random, woman) => {
    const family = random.pick(AM_FAMILIES);
    const given = random.pick(woman ? AM_WOMEN : AM_MEN);
    return withFather(random, woman, {
      native: { family: family[0], given: given[0] },
      latin: { family: family[1], given: given[1] },
      russian: { family: family[2], given: given[2] },
    });
  },
};

function cyrillic(family, given) {
  return {
    native: { family, given },
    russian: { family: inRussian(family), given: inRussian(given) },
    latin: { family: inLatin(family), given: inLatin(given) },
  };
}

function named(random, woman, families, women, men, forms) {
  const family = random.pick(families);
  return withFather(random, woman, forms(woman ? ofWoman(family) : family, random.pick(woman ? women : men)));
}

/** Only Russian clerks add the father's name to the given one. */
function withFather(random, woman, name) {
  return { ...name, father: random.pick(RU_FATHERS)[woman ? 1 : 0] };
}

/** "Family Given" in a state's own writing, in Latin letters, and in Russian where that differs. */
export function name(native, latin, russian = native) {
  const split = (text) => {
    const [family, given] = text.split(' ');
    return { family, given };
  };
  return { native: split(native), latin: split(latin), russian: split(russian) };
}
