// The pages as people have them: a real browser, with scripts and without, by mouse and by keyboard, on a narrow screen, in six languages.
// The parts stand in test/browser/ and follow one another on one union: what Aigerim sends in the first is looked at in all others.
import { after, before, describe } from 'node:test';
import { budgets } from './browser/budgets.ts';
import { everyPage } from './browser/every-page.ts';
import { imports } from './browser/imports.ts';
import { keyboard } from './browser/keyboard.ts';
import { languages } from './browser/languages.ts';
import { marks } from './browser/marks.ts';
import { parks } from './browser/parks.ts';
import { proofs } from './browser/proofs.ts';
import { services } from './browser/services.ts';
import { openStage, type Stage } from './browser/stage.ts';
import { withoutScripts } from './browser/without-scripts.ts';
import { workers } from './browser/workers.ts';
import { whyNoBrowser } from './harness/chromium.ts';

describe('in a browser', { skip: whyNoBrowser() ?? false }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage?.close());

  describe('with scripts off', () => withoutScripts(() => stage));
  describe('the imports', () => imports(() => stage));
  describe('the marks', () => marks(() => stage));
  describe('the workers', () => workers(() => stage));
  describe('the parks', () => parks(() => stage));
  describe('the other services', () => services(() => stage));
  describe('the proofs', () => proofs(() => stage));
  describe('every page', () => everyPage(() => stage));
  describe('the weight', () => budgets(() => stage));
  describe('the keyboard', () => keyboard(() => stage));
  describe('languages and colours', () => languages(() => stage));
});
