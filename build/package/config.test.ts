import { expect, it } from 'vitest';
import { describePackage } from './config.ts';

it('says to macOS what the camera is for: without that the app would be ended where it asks for it', () => {
  const { mac } = describePackage({ kind: 'product', version: '45.4.1', dist: '/nowhere' } as never, '/nowhere');
  expect(mac?.extendInfo).toMatchObject({ NSCameraUsageDescription: expect.stringMatching(/\S/) });
});
