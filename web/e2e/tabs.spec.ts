import { expect, Person, test } from './fixtures.ts';

test('the leading tab closes while the other goes on', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('from the first tab');
  await expect(alice.ticks('from the first tab')).toHaveAccessibleName('Delivered');

  // The second tab reads the store and queues; it has no worker of its own.
  const second = new Person(alice.name, alice.context, await alice.context.newPage());
  await second.page.goto(alice.page.url());
  await expect(second.message('from the first tab')).toBeVisible();
  expect(second.page.workers()).toHaveLength(0);
  await second.send('from the second tab');
  await expect(second.ticks('from the second tab')).toHaveAccessibleName('Delivered');
  await expect(alice.message('from the second tab')).toBeVisible();

  await alice.page.close();
  await expect.poll(() => second.page.workers().length).toBe(1);
  await bob.chatRow('Alice').click();
  await second.send('after the first was closed');
  await expect(bob.message('after the first was closed')).toBeVisible();
  await expect(second.ticks('after the first was closed')).toHaveAccessibleName('Read');
  expect(second.troubles).toEqual([]);
});

test('a dead worker is replaced and loses nothing', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('with the first worker');
  await expect(alice.ticks('with the first worker')).toHaveAccessibleName('Delivered');
  const worker = alice.page.workers()[0];
  await worker?.evaluate(() => self.close());
  await alice.send('while there was none');
  await expect(alice.ticks('while there was none')).toHaveAccessibleName('Delivered', { timeout: 45_000 });
});
