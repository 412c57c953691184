// Residents who head companies that apply, import, or bear a mark, and one who works abroad: each has a story in `seeds/personas`.
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

export const founders = [
  one('aizhan', 'kz', '000211', true, '1988-04-03', 'Талғатова Айжан', 'Talgatova Aizhan', 'Талгатова Айжан'),
  one('nurbol', 'kz', '000212', false, '1980-11-20', 'Серікбаев Нұрбол', 'Serikbayev Nurbol', 'Серикбаев Нурбол'),
  one('ekaterina', 'ru', '000211', true, '1984-06-30', 'Ветрова Екатерина', 'Vetrova Ekaterina'),
  one('zhenish', 'kg', '000211', false, '1979-02-14', 'Эсенов Жеңиш', 'Esenov Zhenish', 'Эсенов Жениш'),
  one('timur', 'kg', '000212', false, '1991-09-09', 'Бакиров Тимур', 'Bakirov Timur'),
];
