import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface ReceivedMail {
  from: string;
  to: string;
  /** By name in lower case, unfolded. */
  headers: Record<string, string>;
  text: string;
}

/** A mail server that takes one line after another as RFC 5321 says. `refuseNext` answers so many messages with 451. */
export async function startSmtpServer(): Promise<{
  url: string;
  mails: ReceivedMail[];
  logins: string[];
  refuseNext: (times: number) => void;
  refused: () => number;
  stop: () => Promise<void>;
}> {
  const mails: ReceivedMail[] = [];
  const logins: string[] = [];
  let toRefuse = 0;
  let refused = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(
      socket
        .setEncoding('latin1')
        .on('close', () => sockets.delete(socket))
        .on('error', () => undefined),
    );
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    let rest = '';
    let envelope = { from: '', to: '' };
    let body: string[] | undefined;
    const take = (line: string): void => {
      if (body) {
        if (line !== '.') return void body.push(line.replace(/^\./, ''));
        if (toRefuse > 0) {
          toRefuse -= 1;
          refused += 1;
          say('451 4.3.0 Try again later');
        } else {
          mails.push({ ...envelope, ...parsed(body.join('\r\n')) });
          say('250 2.0.0 Taken');
        }
        return void (body = undefined);
      }
      const [verb = ''] = line.toUpperCase().split(/[ :]/, 1);
      if (verb === 'EHLO') say('250-test\r\n250 AUTH PLAIN');
      else if (verb === 'AUTH')
        say((logins.push(Buffer.from(line.split(' ')[2] ?? '', 'base64').toString()), '235 2.7.0 Welcome'));
      else if (verb === 'MAIL') say(((envelope = { from: addressIn(line), to: '' }), '250 2.1.0 Sender taken'));
      else if (verb === 'RCPT') say(((envelope.to = addressIn(line)), '250 2.1.5 Recipient taken'));
      else if (verb === 'DATA') say(((body = []), '354 End with a point'));
      else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else say('502 5.5.1 Unknown');
    };
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    });
    say('220 test ESMTP');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://robot:s3cret-of-smtp@127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    logins,
    refuseNext: (times) => void (toRefuse = times),
    refused: () => refused,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

function parsed(raw: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      decodedWords(line.slice(line.indexOf(':') + 1).trim()),
    ]),
  );
  const body = raw.slice(end + 4);
  return {
    headers,
    text:
      headers['content-transfer-encoding'] === 'quoted-printable'
        ? fromQuotedPrintable(body)
        : headers['content-transfer-encoding'] === 'base64'
          ? Buffer.from(body, 'base64').toString()
          : body,
  };
}

const fromQuotedPrintable = (text: string): string =>
  Buffer.from(
    text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();

/** RFC 2047. */
const decodedWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString()
        : fromQuotedPrintable(word.replaceAll('_', ' ')),
    );
