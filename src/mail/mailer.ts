import type { Transporter } from 'nodemailer';

export interface Mail {
  to: { name: string; address: string };
  subject: string;
  text: string;
  /** With its angle brackets. The same for each attempt, so that a receiver can tell a second copy. */
  messageId: string;
  attachments?: readonly MailAttachment[];
}

export interface MailAttachment {
  filename: string;
  content: Buffer;
  /** Media type. */
  contentType: string;
}

export interface Mailer {
  /** Resolves when the mail server has taken the message; throws when it has not. */
  send: (mail: Mail) => Promise<void>;
  /** Connects and signs in, without sending anything; throws when the server refuses. */
  verify: () => Promise<void>;
}

/** A batch of five against a silent server ends before the queue takes it for dead and starts it again. */
const timeouts = { dnsTimeout: 5_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/**
 * Sends through an SMTP server, one connection a message. What it throws holds no part of the URL, which has a
 * password.
 */
export function smtpMailer({ url, from }: { url: string; from: string }): Mailer {
  let kept: Transporter | undefined;
  // Loaded with the first mail: a start is quicker without it.
  const transport = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer');
    const options = { url, ...timeouts, logger: false, disableFileAccess: true, disableUrlAccess: true };
    return (kept ??= createTransport(options));
  };
  return {
    send: async ({ to, subject, text, messageId, attachments = [] }) => {
      try {
        const opened = await transport();
        await opened.sendMail({
          from,
          to,
          subject,
          text,
          messageId,
          attachments: [...attachments],
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw new Error(`The mail server did not take the message: ${reasonOf(error)}`);
      }
    },
    verify: async () => {
      try {
        const opened = await transport();
        await opened.verify();
      } catch (error) {
        throw new Error(`The mail server cannot be used: ${reasonOf(error)}`);
      }
    },
  };
}

function reasonOf(error: unknown): string {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number };
  return [code, command, responseCode].filter(Boolean).join(' ');
}
