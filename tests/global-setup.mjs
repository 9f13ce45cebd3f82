// Serves the built page for as long as the tests run, and tells the workers where.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, serveStatic } from './static.mjs';

export default async function globalSetup() {
  if (!existsSync(join(DIST, 'index.html'))) {
    throw new Error(`There is no built page in ${DIST}. Build it with cargo xtask build.`);
  }
  const server = await serveStatic();
  process.env.PAGE_ORIGIN = server.origin;
  return () => server.close();
}
