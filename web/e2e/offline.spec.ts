import { expect, test } from './fixtures.ts';

test('what was written offline survives the tab and arrives once each, in order', async ({ signUp, server }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('online');
  await expect(alice.ticks('online')).toHaveAccessibleName('Delivered');

  await server.kill();
  const texts = ['first', 'second', 'third'].map((word) => `${word} offline`);
  for (const text of texts) await alice.send(text);
  await alice.composer.fill('not sent at all');
  for (const text of texts) await expect(alice.ticks(text)).toHaveAccessibleName('Waiting to be sent');
  const address = alice.page.url();
  await alice.page.close();

  await server.restart();
  alice.page = await alice.newTab();
  await alice.page.goto(address);
  await expect(alice.composer).toHaveValue('not sent at all');
  await bob.chatRow('Alice').click();
  await expect(bob.message('third offline')).toBeVisible({ timeout: 30_000 });
  expect(await bob.page.locator('ol li [dir=auto]').allInnerTexts()).toEqual(
    ['online', ...texts].map((text) => expect.stringContaining(text)),
  );
  for (const text of texts) await expect(alice.ticks(text)).toHaveAccessibleName('Read');
});

test('list, history and composer work from the store before the engine has started', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('kept in the store');
  await expect(alice.ticks('kept in the store')).toHaveAccessibleName('Delivered');

  await alice.context.route('**/engine/**', (route) => route.abort());
  await alice.page.reload();
  await expect(alice.chatRow('Bob')).toContainText('kept in the store');
  await expect(alice.message('kept in the store')).toBeVisible();
  await alice.send('taken without an engine');
  await expect(alice.ticks('taken without an engine')).toHaveAccessibleName('Waiting to be sent');

  await alice.context.unroute('**/engine/**');
  await expect(alice.ticks('taken without an engine')).toHaveAccessibleName('Delivered', { timeout: 30_000 });
});

test('drafts survive a chat switch and a reload', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  const carol = await signUp('Carol');
  await alice.startChat(bob);
  await alice.composer.fill('half a thought for Bob');
  await alice.startChat(carol);
  await expect(alice.composer).toHaveValue('');
  await expect(alice.chatRow('Bob')).toContainText('Draft: half a thought for Bob');
  await alice.page.reload();
  await alice.chatRow('Bob').click();
  await expect(alice.composer).toHaveValue('half a thought for Bob');
});
