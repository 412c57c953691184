// The people of the stories: every day and number here is meant. Months are counted from 1 January 2021; a month counts when the
// person's periods in a state cover each of its days.

import { applicants } from './applicants.mjs';
import { founders } from './founders.mjs';
import { name } from './names.mjs';

const period = (employer, from, to, more = {}) => ({ employer, from, to, kind: 'employment', paid: true, ...more });

/** Residents with a story, and namesakes of them. `records` as in `crowd.mjs`. */
export const residents = [
  {
    key: 'aigerim',
    id: 'KZ-T-000101',
    state: 'kz',
    woman: true,
    birthDate: '1963-04-12',
    citizenship: 'kz',
    records: [
      { name: name('Болатова Айгерім', 'Bolatova Aigerim', 'Болатова Айгерим'), from: '1963-04-12', to: '1988-06-17' },
      { name: name('Сейітова Айгерім', 'Seitova Aigerim', 'Сеитова Айгерим'), from: '1988-06-18', to: '' },
    ],
  },
  {
    key: 'marat',
    id: 'KZ-T-000102',
    state: 'kz',
    woman: false,
    birthDate: '1961-09-03',
    citizenship: 'kz',
    records: [{ name: name('Жұмабеков Марат', 'Zhumabekov Marat', 'Жумабеков Марат'), from: '1961-09-03', to: '' }],
  },
  {
    key: 'dinara',
    id: 'KZ-T-000103',
    state: 'kz',
    woman: true,
    birthDate: '1964-07-30',
    citizenship: 'kz',
    records: [{ name: name('Қасымова Динара', 'Kassymova Dinara', 'Касымова Динара'), from: '1964-07-30', to: '' }],
  },
  {
    key: 'nurlan',
    id: 'KG-T-000101',
    state: 'kg',
    woman: false,
    birthDate: '1960-02-20',
    citizenship: 'kg',
    records: [{ name: name('Асанов Нурлан', 'Asanov Nurlan'), from: '1960-02-20', to: '' }],
  },
  {
    key: 'gulnara',
    id: 'KG-T-000102',
    state: 'kg',
    woman: true,
    birthDate: '1963-11-02',
    citizenship: 'kg',
    records: [
      {
        name: name('Бөрүбаева Гүлнара', 'Borubaeva Gulnara', 'Борубаева Гульнара'),
        from: '1963-11-02',
        to: '1990-05-11',
      },
      { name: name('Токтогулова Гүлнара', 'Toktogulova Gulnara', 'Токтогулова Гульнара'), from: '1990-05-12', to: '' },
    ],
  },
  {
    key: 'anahit',
    id: 'AM-T-000101',
    state: 'am',
    woman: true,
    birthDate: '1962-05-20',
    citizenship: 'am',
    records: [{ name: name('Հակոբյան Անահիտ', 'Hakobyan Anahit', 'Акопян Анаит'), from: '1962-05-20', to: '' }],
  },
  {
    key: 'karen',
    id: 'AM-T-000102',
    state: 'am',
    woman: false,
    birthDate: '1960-10-08',
    citizenship: 'am',
    records: [{ name: name('Գրիգորյան Կարեն', 'Grigoryan Karen', 'Григорян Карен'), from: '1960-10-08', to: '' }],
  },
  {
    key: 'shushanik',
    id: 'AM-T-000103',
    state: 'am',
    woman: true,
    birthDate: '1961-12-09',
    citizenship: 'am',
    records: [
      { name: name('Խաչատրյան Շուշանիկ', 'Khachatryan Shushanik', 'Хачатрян Шушаник'), from: '1961-12-09', to: '' },
    ],
  },
  {
    key: 'viktar',
    id: 'BY-T-000101',
    state: 'by',
    woman: false,
    birthDate: '1961-01-25',
    citizenship: 'by',
    records: [{ name: name('Кавалёў Віктар', 'Kavaliou Viktar', 'Ковалёв Виктор'), from: '1961-01-25', to: '' }],
  },
  {
    key: 'svetlana',
    id: 'RU-T-000101',
    state: 'ru',
    woman: true,
    birthDate: '1964-02-11',
    citizenship: 'ru',
    records: [{ name: name('Орлова Светлана', 'Orlova Svetlana'), from: '1964-02-11', to: '' }],
  },
  {
    key: 'olga',
    id: 'RU-T-000102',
    state: 'ru',
    woman: true,
    birthDate: '1964-05-17',
    citizenship: 'ru',
    records: [{ name: name('Смирнова Ольга', 'Smirnova Olga'), from: '1964-05-17', to: '' }],
  },
  {
    key: 'olga-namesake',
    id: 'RU-T-000103',
    state: 'ru',
    woman: true,
    birthDate: '1964-05-17',
    citizenship: 'ru',
    records: [{ name: name('Смирнова Ольга', 'Smirnova Olga'), from: '1964-05-17', to: '' }],
  },
  {
    // Came from Kazakhstan and became a citizen: home has noted the number that she bore there.
    key: 'ruslan',
    id: 'RU-T-000104',
    state: 'ru',
    woman: false,
    birthDate: '1960-06-15',
    citizenship: 'ru',
    other: { state: 'kz', value: 'KZ-T-000104' },
    records: [{ name: name('Ахметов Руслан', 'Akhmetov Ruslan'), from: '1960-06-15', to: '' }],
  },
  {
    // Born on the same day as Dinara and called as she is, by a fund's mistake under her number.
    key: 'dinara-namesake',
    id: 'RU-T-000105',
    state: 'ru',
    woman: true,
    birthDate: '1964-07-30',
    citizenship: 'ru',
    records: [{ name: name('Касымова Динара', 'Kasymova Dinara'), from: '1964-07-30', to: '' }],
  },
  ...applicants,
  ...founders,
];

/** What the funds have written down: `as` is the name on the account's rows where it is not the one of the day. */
export const accounts = [
  // Aigerim: 18 full months in Kazakhstan, 19 in Russia, 21 in Kyrgyzstan; more than fifteen years in all.
  {
    state: 'kz',
    id: 'KZ-P-000101',
    of: 'aigerim',
    periods: [
      period('Алматы қаласы № 12 мектеп', '1984-09-01', '1988-12-31', { as: 'Болатова Айгерім' }),
      period('Алматы қаласы № 12 мектеп', '1989-01-01', '2012-06-30'),
      period('"Алатау Құрылыс" ЖШС', '2019-02-01', '2021-12-31'),
      period('"Есіл Нан", АҚ', '2025-08-01', '2026-01-31'),
    ],
  },
  {
    state: 'ru',
    id: 'RU-P-000501',
    of: 'aigerim',
    as: 'Сеитова Айгерим',
    periods: [
      period('ООО "Волга-Строй"', '2022-01-10', '2023-08-31'),
      period('Средняя школа № 48 г. Самары', '2022-11-01', '2023-03-31'),
    ],
  },
  {
    state: 'kg',
    id: 'KG-P-000501',
    of: 'aigerim',
    as: 'Сеитова Айгерим',
    periods: [period('"Ала-Тоо Курулуш" ЖЧК', '2023-09-15', '2025-06-30')],
  },

  // Marat: 18 months in Kazakhstan, 41 in Belarus, but sixteen years in all where Belarus wants twenty.
  {
    state: 'kz',
    id: 'KZ-P-000102',
    of: 'marat',
    periods: [
      period('"Сарыарқа Көлік" ЖШС', '2000-03-01', '2008-05-31'),
      period('"Алатау Құрылыс" ЖШС', '2018-01-01', '2022-06-30'),
    ],
  },
  {
    state: 'by',
    id: 'BY-P-000501',
    of: 'marat',
    as: 'Жумабеков Марат',
    periods: [period('ТАА "Палессе Транс"', '2022-08-01', '2025-12-31')],
  },

  // Dinara: two accounts in Russia under her number; only the first is hers, as its number proves. 23 months.
  {
    state: 'kz',
    id: 'KZ-P-000103',
    of: 'dinara',
    periods: [
      period('Қарағанды облыстық аурухана', '1986-08-01', '2016-12-31'),
      period('Қарағанды облыстық аурухана', '2023-03-01', '2025-12-31'),
    ],
  },
  {
    state: 'ru',
    id: 'RU-P-000503',
    of: 'dinara',
    as: 'Касымова Динара',
    periods: [period('Городская больница № 6', '2021-02-01', '2022-12-31')],
  },
  {
    state: 'ru',
    id: 'RU-P-000504',
    of: 'dinara',
    as: 'Касымова Динара',
    periods: [period('АО "Уральский пекарь"; цех 3', '2023-02-01', '2023-12-31')],
  },

  // Nurlan: exactly 11 full months in Kazakhstan.
  {
    state: 'kg',
    id: 'KG-P-000101',
    of: 'nurlan',
    periods: [
      period('Токмок айнек заводу', '1982-10-01', '2015-03-31'),
      period('Токмок айнек заводу', '2021-01-01', '2023-03-31'),
    ],
  },
  {
    state: 'kz',
    id: 'KZ-P-000502',
    of: 'nurlan',
    as: 'Асанов Нурлан',
    periods: [period('Шымкент мақта зауыты', '2023-05-01', '2024-03-31')],
  },

  // Gulnara: in Russia under the name that she bore before she married.
  {
    state: 'kg',
    id: 'KG-P-000102',
    of: 'gulnara',
    periods: [
      period('Ош шаарындагы № 5 мектеп', '1985-08-15', '1990-05-11', { as: 'Бөрүбаева Гүлнара' }),
      period('Ош шаарындагы № 5 мектеп', '1990-05-12', '2014-07-31'),
      period('"Ысык-Көл Сүт" ААК', '2023-02-01', '2025-08-31'),
    ],
  },
  {
    state: 'ru',
    id: 'RU-P-000506',
    of: 'gulnara',
    as: 'Борубаева Гульнара',
    periods: [period('ООО "Сибирь Логистик"', '2021-03-01', '2022-12-31')],
  },

  // Anahit: exactly 12 full months in Belarus.
  {
    state: 'am',
    id: 'AM-P-000101',
    of: 'anahit',
    periods: [
      period('Երևանի թիվ 7 դպրոց', '1985-01-15', '2010-12-31'),
      period('Երևանի թիվ 7 դպրոց', '2021-01-01', '2024-01-31'),
    ],
  },
  {
    state: 'by',
    id: 'BY-P-000502',
    of: 'anahit',
    as: 'Акопян Анаит',
    periods: [period('Віцебская бальніца № 3', '2024-02-15', '2025-02-28')],
  },

  // Karen: the fund has written 2023 where 2024 was meant, so 9 months instead of 21 in Russia.
  {
    state: 'am',
    id: 'AM-P-000102',
    of: 'karen',
    periods: [
      period('«Արարատ շին» ՍՊԸ', '1983-04-01', '2008-09-30'),
      period('«Արարատ շին» ՍՊԸ', '2021-01-01', '2022-06-30'),
    ],
  },
  {
    state: 'ru',
    id: 'RU-P-000505',
    of: 'karen',
    as: 'Григорян Карен',
    periods: [period('Тверской вагонный участок', '2022-09-01', '2023-05-31')],
  },

  // Shushanik: three states, three spellings.
  {
    state: 'am',
    id: 'AM-P-000103',
    of: 'shushanik',
    periods: [
      period('Գյումրու հիվանդանոց', '1984-02-01', '2019-12-31'),
      period('Գյումրու հիվանդանոց', '2024-08-01', '2025-12-31'),
    ],
  },
  {
    state: 'ru',
    id: 'RU-P-000507',
    of: 'shushanik',
    as: 'Хачатрян Шушаник',
    periods: [period('Городская больница № 6', '2021-01-01', '2022-09-30')],
  },
  {
    state: 'kz',
    id: 'KZ-P-000504',
    of: 'shushanik',
    as: 'Hachatrian Shushanik',
    periods: [period('Қарағанды облыстық аурухана', '2023-01-01', '2024-06-30')],
  },

  // Viktar: 15 months in Belarus, 36 in Russia, which does not answer for days.
  {
    state: 'by',
    id: 'BY-P-000101',
    of: 'viktar',
    periods: [
      period('ААТ "Мінскшына-Буд"', '1983-01-03', '2012-11-30'),
      period('ААТ "Мінскшына-Буд"', '2021-01-01', '2022-03-31'),
    ],
  },
  {
    state: 'ru',
    id: 'RU-P-000502',
    of: 'viktar',
    as: 'Ковалёв Виктор',
    periods: [period('ООО "Волга-Строй"', '2022-05-01', '2025-04-30')],
  },

  // Svetlana: two and a half years at once in both states. Counted once they make eighteen and a half years in all, twice twenty-one.
  {
    state: 'ru',
    id: 'RU-P-000101',
    of: 'svetlana',
    periods: [
      period('Средняя школа № 48 г. Самары', '2001-01-01', '2015-12-31'),
      period('ООО "Сибирь Логистик"', '2022-01-01', '2024-12-31'),
    ],
  },
  {
    state: 'by',
    id: 'BY-P-000503',
    of: 'svetlana',
    as: 'Орлова Светлана',
    periods: [period('ЗАТ "Бярэзіна-Тэкс"; філіял 2', '2021-07-01', '2024-06-30')],
  },

  // The two Olgas: one worked in Kazakhstan, the other never did.
  {
    state: 'ru',
    id: 'RU-P-000102',
    of: 'olga',
    periods: [
      period('Городская больница № 6', '1988-09-01', '2014-05-31'),
      period('Городская больница № 6', '2024-01-01', '2025-12-31'),
    ],
  },
  {
    state: 'kz',
    id: 'KZ-P-000503',
    of: 'olga',
    as: 'Смирнова Ольга',
    periods: [period('Алматы қаласы № 12 мектеп', '2021-02-01', '2023-07-31')],
  },
  {
    state: 'ru',
    id: 'RU-P-000103',
    of: 'olga-namesake',
    periods: [
      period('АО "Уральский пекарь"; цех 3', '1987-03-02', '2019-10-31'),
      period('АО "Уральский пекарь"; цех 3', '2021-01-01', '2024-04-30'),
    ],
  },

  // Ruslan: in Kazakhstan under the number that he bore there.
  {
    state: 'kz',
    id: 'KZ-P-000505',
    of: 'ruslan',
    as: 'Ахметов Руслан',
    national: 'KZ-T-000104',
    periods: [
      period('"Сарыарқа Көлік" ЖШС', '1983-05-01', '2005-04-30'),
      period('"Сарыарқа Көлік" ЖШС', '2021-01-01', '2021-12-31'),
    ],
  },
  {
    state: 'ru',
    id: 'RU-P-000104',
    of: 'ruslan',
    periods: [period('Тверской вагонный участок', '2022-02-01', '2025-06-30')],
  },
];
