import { after, before, describe } from 'node:test';
import { parks } from './browser/parks.ts';
import { openStage, type Stage } from './browser/stage.ts';

describe('x', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage?.close());
  describe('the parks', () => parks(() => stage));
});
