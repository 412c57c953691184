/**
 * The one spelling of a name: single spaces between its words, and around the signs that names may have (DMN 1.5, 10.3.1.4: white
 * space in names is not significant). So `a-b` and `a - b` are one name.
 */
export const plainName = (name: string): string =>
  name
    .replace(/\s+/g, ' ')
    .replace(/ ?(\*\*|[./\-'+*]) ?/g, ' $1 ')
    .replace(/ {2,}/g, ' ')
    .trim();
