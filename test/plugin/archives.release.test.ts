import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { load } from 'js-yaml';
import { list } from 'tar';
import packageJson from '../../package.json' with { type: 'json' };
import { checkLinkedit } from '../../scripts/package/linkedit.ts';
import { packageEntry, readLockFile } from '../../scripts/package/lock-file.ts';
import { checkSignature } from '../../scripts/package/mach-o.ts';
import { NPM_PACKAGE } from '../../scripts/package/npm-package.ts';
import { TARGETS, targetName } from '../../scripts/package/targets.ts';
import { checkVersionInfo } from '../../scripts/package/version-info.ts';
import { describePackaged } from '../support/packages/describe-packages.ts';
import { sha256, VERSION } from '../support/packages/packages.ts';

const ROOT = new URL('../../', import.meta.url);
const lock = readLockFile(ROOT);

describePackaged('archives', (made) => {
  for (const target of TARGETS) {
    const program = target.os === 'windows' ? 'kubectl-kserve.exe' : 'kubectl-kserve';

    it(`${targetName(target)}: hold the program, the licence and the notices, with fixed modes and times`, async () => {
      const entries: object[] = [];
      await list({
        file: made().archive(target.os, target.arch),
        onReadEntry: ({ path, type, mode, mtime, uname, gname }) => entries.push({ path, type, mode, time: Number(mtime), uname, gname }),
      });
      const common = { type: 'File', time: 0, uname: '', gname: '' };
      assert.deepEqual(entries, [
        { path: program, mode: 0o755, ...common },
        { path: 'LICENSE', mode: 0o644, ...common },
        { path: 'THIRD-PARTY-NOTICES', mode: 0o644, ...common },
      ]);
    });

    it(`${targetName(target)}: pass on the licence of every part`, async () => {
      const notices = await entryText(made().archive(target.os, target.arch), 'THIRD-PARTY-NOTICES');
      assert.equal(await entryText(made().archive(target.os, target.arch), 'LICENSE'), readFileSync(new URL('LICENSE', ROOT), 'utf8'));
      for (const name of Object.keys(packageJson.dependencies))
        assert.match(notices, new RegExp(`^${name} ${packageEntry(lock, name).version} \\(`, 'm'));
      assert.match(notices, new RegExp(`^Node.js ${packageEntry(lock, target.nodePackage).version}, and what it contains$`, 'm'));
      assert.match(notices, /^- V8, located at deps\/v8/m);
    });
  }

  it('are what checksums.txt says, in the form of sha256sum', () => {
    const archives = readdirSync(made().dir).filter((name) => name.includes(VERSION) || name === NPM_PACKAGE);
    const expected = archives
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((name) => `${sha256(readFileSync(join(made().dir, name)))}  ${name}\n`);
    assert.equal(expected.length, 10);
    assert.equal(readFileSync(join(made().dir, 'checksums.txt'), 'utf8'), expected.join(''));
  });

  it('are what the krew manifest points at', () => {
    const { spec } = load(readFileSync(join(made().dir, 'plugins/kserve.yaml'), 'utf8')) as {
      spec: { platforms: Record<string, string>[] };
    };
    for (const { uri = '', sha256: expected } of spec.platforms) {
      assert.equal(sha256(readFileSync(join(made().dir, basename(uri)))), expected, uri);
    }
  });

  for (const arch of ['amd64', 'arm64'] as const) {
    it(`linux-${arch}: need no library that stock images lack, and carry no symbols`, () => {
      const program = readFileSync(made().program('linux', arch));
      assert.equal(program.includes('libatomic.so'), false);
      assert.equal(program.includes('.symtab\0') && sectionTypes(program).includes(2), false);
    });

    it(`darwin-${arch}: are signed ad hoc, and the signature shows every change`, () => {
      const program = readFileSync(made().program('darwin', arch));
      checkLinkedit(program);
      checkSignature(program, 'kubectl-kserve');
      assert.throws(() => checkSignature(program, 'other'), { message: 'the program is signed as "kubectl-kserve", not as other' });
      const place = program.length >> 1;
      program.writeUInt8(program.readUInt8(place) ^ 1, place);
      const message = `the program was changed after it was signed, in page ${place >> 12}`;
      assert.throws(() => checkSignature(program, 'kubectl-kserve'), { message });
    });

    it(`windows-${arch}: say what they are, and are without the signature of the Node inside, which does not hold`, () => {
      const program = readFileSync(made().program('windows', arch));
      checkVersionInfo(program, packageJson);
      const header = program.readUInt32LE(0x3c);
      assert.equal(program.readUInt16LE(header + 4), { amd64: 0x8664, arm64: 0xaa64 }[arch]);
      assert.throws(() => checkVersionInfo(program, { ...packageJson, version: '9.9.9' }), {
        message: `the program says of its ProductVersion "${packageJson.version}", not "9.9.9"`,
      });
      const at = header + 24 + 112 + 4 * 8;
      program.writeUInt32LE(program.length - 8, at);
      program.writeUInt32LE(8, at + 4);
      assert.throws(() => checkVersionInfo(program, packageJson), /signed/i);
    });

    it(`windows-${arch}: the zip holds the same files as the tar`, async () => {
      const files = unzip(readFileSync(made().archive('windows', arch, 'zip')));
      assert.deepEqual([...files.keys()], ['kubectl-kserve.exe', 'LICENSE', 'THIRD-PARTY-NOTICES']);
      assert.equal(sha256(files.get('kubectl-kserve.exe') ?? ''), sha256(readFileSync(made().program('windows', arch))));
      assert.equal(files.get('THIRD-PARTY-NOTICES')?.toString(), await entryText(made().archive('windows', arch), 'THIRD-PARTY-NOTICES'));
    });
  }

  it('an unsigned program is told from a signed one', () => {
    const program = readFileSync(made().program('linux', 'amd64'));
    assert.throws(() => checkSignature(program, 'kubectl-kserve'), { message: 'the program is not a 64-bit Mach-O file' });
  });

  it('the bill of materials names every package in the bundle and every Node, with the digests of the lock file', () => {
    const bill = JSON.parse(readFileSync(join(made().dir, `kubectl-kserve_${VERSION}.cdx.json`), 'utf8'));
    assert.deepEqual([bill.bomFormat, bill.specVersion, bill.metadata.component.version], ['CycloneDX', '1.6', packageJson.version]);
    const found = new Map<string, { name: string; version: string; hashes: { content: string }[] }>();
    for (const component of bill.components) found.set(component.purl, component);
    assert.equal(found.size, bill.components.length);
    for (const name of [...Object.keys(packageJson.dependencies), ...TARGETS.map(({ nodePackage }) => nodePackage)]) {
      const { version, integrity = '' } = packageEntry(lock, name);
      const digest = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
      assert.equal(found.get(`pkg:npm/${name}@${version}`)?.hashes[0]?.content, digest, name);
    }
    assert.deepEqual(bill.dependencies[0].dependsOn, [...found.keys()]);
  });
});

async function entryText(file: string, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  await list({ file, filter: (path) => path === name, onReadEntry: (entry) => entry.on('data', (chunk: Buffer) => chunks.push(chunk)) });
  return Buffer.concat(chunks).toString();
}

/** The files of a zip by its central directory: https://pkwaredownloads.blob.core.windows.net/pem/APPNOTE.txt */
function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.length - 22;
  assert.equal(zip.readUInt32LE(end), 0x06054b50);
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < zip.readUInt16LE(end + 10); index += 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(name, inflateRawSync(zip.subarray(data, data + zip.readUInt32LE(at + 20))));
    at += 46 + nameLength;
  }
  return files;
}

function sectionTypes(elf: Buffer): number[] {
  const start = Number(elf.readBigUInt64LE(40));
  return Array.from({ length: elf.readUInt16LE(60) }, (_, index) => elf.readUInt32LE(start + index * 64 + 4));
}
