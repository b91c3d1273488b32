import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { Server } from './server.ts';

/** A server that takes people by invite only. */
const test = base.extend<{ server: Server }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures wanted from the pattern.
  server: async ({}, use) => {
    const server = await Server.start('--sign-up', 'invite');
    await use(server);
    await server.stop();
  },
});

async function ask(browser: Browser, address: string, name: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'Create your account' })).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password', { exact: true }).fill('a horse and a battery');
  await page.getByRole('button', { name: 'Create account', exact: true }).click();
  return page;
}

test('an invite lets one person in, and its code leaves the address', async ({ browser, server }) => {
  const link = await server.invite();
  const alice = await ask(browser, link, 'alice');
  await expect(alice.getByRole('navigation', { name: 'Chats' })).toBeVisible();
  expect(new URL(alice.url()).pathname).toBe('/');

  const bob = await ask(browser, link, 'bob');
  await expect(bob.getByRole('alert')).toHaveText('This invite is not valid, or not any more. Ask for a new link.');
  expect(bob.url()).toBe(link);
});

test('without an invite the page says that one is needed', async ({ browser, server }) => {
  const page = await ask(browser, server.url, 'alice');
  await expect(page.getByRole('alert')).toContainText('by invite only');
});
