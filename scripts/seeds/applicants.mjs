// Residents who apply for a company or a child, or who hold a degree: each has a story in `seeds/personas`.
import { name } from './names.mjs';

const one = (key, state, number, woman, birthDate, ...names) => ({
  key,
  id: `${state.toUpperCase()}-T-${number}`,
  state,
  woman,
  birthDate,
  citizenship: state,
  records: [{ name: name(...names), from: birthDate, to: '' }],
});

export const applicants = [
  one('daniyar', 'kz', '000111', false, '1975-03-14', 'Ахметов Данияр', 'Akhmetov Daniyar'),
  one('sholpan', 'kz', '000112', true, '1978-10-02', 'Ибраева Шолпан', 'Ibrayeva Sholpan'),
  one('madina', 'kz', '000113', true, '1990-05-21', 'Оспанова Мадина', 'Ospanova Madina'),
  one('alikhan', 'kz', '000114', false, '2019-06-11', 'Оспанов Әлихан', 'Ospanov Alikhan', 'Оспанов Алихан'),
  one('aruzhan', 'kz', '000115', true, '2014-02-03', 'Оспанова Аружан', 'Ospanova Aruzhan'),
  one('gulmira', 'kz', '000116', true, '1992-12-09', 'Есенова Гүлмира', 'Yessenova Gulmira', 'Есенова Гульмира'),
  one('nuriya', 'kz', '000117', true, '2020-03-30', 'Есенова Нұрия', 'Yessenova Nuriya', 'Есенова Нурия'),
  one('serik', 'kz', '000118', false, '1983-07-19', 'Тұрсынов Серік', 'Tursynov Serik', 'Турсынов Серик'),
  one('aibek', 'kg', '000111', false, '1973-08-25', 'Сыдыков Айбек', 'Sydykov Aibek'),
  one('pavel', 'ru', '000111', false, '1970-01-30', 'Морозов Павел', 'Morozov Pavel'),
  one('narek', 'am', '000111', false, '1977-11-05', 'Սարգսյան Նարեկ', 'Sargsyan Narek', 'Саргсян Нарек'),
  one('tigran', 'am', '000112', false, '1985-04-17', 'Գրիգորյան Տիգրան', 'Grigoryan Tigran', 'Григорян Тигран'),
  one('alena', 'by', '000111', true, '1979-09-12', 'Кавальчук Алена', 'Kavalchuk Alena', 'Ковальчук Алёна'),
  one('yulia', 'by', '000112', true, '1982-02-26', 'Лапіцкая Юлія', 'Lapitskaya Yulia', 'Лапицкая Юлия'),
];
