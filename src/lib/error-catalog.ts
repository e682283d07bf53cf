/**
 * Everything that an error can say, once: codes, reasons, and what can be wrong with a field. The compiler lets nothing
 * else be thrown, the graph's enum and the dialects' words are typed by it, and `schema/errors.md` is made from it.
 */

/** The closed list of errors that the domain may raise. */
export const errorMeanings = {
  UNAUTHENTICATED: 'Nobody is signed in, or the credential does not hold.',
  FORBIDDEN: 'The person, or the credential, may not do this.',
  NOT_FOUND: 'There is no such thing, or the viewer may not see it; `subject` names its type.',
  BAD_USER_INPUT: 'Something in the input is wrong; `fields` names all of it.',
  CONFLICT: 'It does not go with what is there now.',
  PAYLOAD_TOO_LARGE: 'A file or a body is larger than is taken.',
  UNSUPPORTED_MEDIA_TYPE: 'A file or a body is of a type that is not taken.',
  RATE_LIMITED: 'Too many requests or attempts; `details.retryAfterSeconds` says how long to wait.',
  UNAVAILABLE: 'What it needs does not answer now; `reason` says what, and trying again may help.',
  INTERNAL_SERVER_ERROR: 'A defect of the server. Its log has the rest, by the id of the request.',
} as const;

export type ErrorCode = keyof typeof errorMeanings;
export const errorCodes = Object.keys(errorMeanings) as ErrorCode[];

/** Codes of requests that GraphQL itself does not understand: nothing of them is executed. */
export const requestErrorMeanings = {
  GRAPHQL_PARSE_FAILED: 'The document is no GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  OPERATION_RESOLUTION_FAILURE: 'The document has no operation of that name, or several and none is named.',
  PERSISTED_QUERY_NOT_FOUND: 'No document is kept under the hash: send it with its text once.',
  BAD_REQUEST: 'The request has no document, or is not one of GraphQL over HTTP.',
} as const;

/** Codes that only tools of the Model Context Protocol answer. */
export const toolErrorMeanings = {
  TIMED_OUT: 'The tool took longer than it may. A change may be made all the same.',
} as const;

export type ToolErrorCode = keyof typeof toolErrorMeanings;

/** What can be wrong with one field; dialects translate by it. */
export const fieldMeanings = {
  required: 'It is missing or empty.',
  invalid: 'Its value cannot be right.',
  invalid_format: 'It is not written as it must be.',
  too_short: 'The text or the list is too short.',
  too_long: 'The text or the list is too long.',
  too_small: 'The number is too small, or the date too early.',
  too_large: 'The number is too large, or the date too late.',
  unknown_reference: 'It names something that there is not.',
  duplicate: 'Something else has this value already.',
  not_allowed: 'The value, or giving one, is not allowed here.',
  weak_password: 'It lacks an upper-case letter, a lower-case one, a digit or a special one.',
} as const;

/** What can be wrong with one field. */
export type FieldCode = keyof typeof fieldMeanings;

const unauthenticated = (meaning: string) => ({ code: 'UNAUTHENTICATED', meaning }) as const;
const forbidden = (meaning: string) => ({ code: 'FORBIDDEN', meaning }) as const;
const notFound = (meaning: string) => ({ code: 'NOT_FOUND', meaning }) as const;
const badInput = (meaning: string) => ({ code: 'BAD_USER_INPUT', meaning }) as const;
const conflict = (meaning: string) => ({ code: 'CONFLICT', meaning }) as const;
const unavailable = (meaning: string) => ({ code: 'UNAVAILABLE', meaning }) as const;

interface Reason {
  code: ErrorCode;
  meaning: string;
}

/** Reasons are finer than the code that they come with. */
export const errorReasons = {
  // Credentials.
  bad_credential: unauthenticated('The credential is wrong, expired or revoked; `details.expired` when it is too old.'),
  bad_credentials: unauthenticated('The name or the password is wrong; nothing tells which.'),
  bad_signature: unauthenticated('The signature of a body was not made with the secret of the webhook.'),
  bad_refresh_token: unauthenticated('The refresh token is wrong, used, expired or revoked.'),
  two_factor_required: unauthenticated('The password is right; a code of the second factor is missing or wrong.'),
  'webauthn.login': unauthenticated('The passkey does not sign anybody in.'),
  'webauthn.user_verification': unauthenticated('The passkey was proved, but has to verify its user too.'),
  login_locked: { code: 'RATE_LIMITED', meaning: 'Too many failed attempts for this name, address or device.' },
  scope: forbidden('The credential lacks a scope.'),
  permission: forbidden('No role of the person gives the permission.'),
  subscription_ended: forbidden('An administrator ended the subscription.'),
  session_needed: forbidden('This is done in person: with a session, not with a token or a key.'),
  foreign_origin: forbidden('A change under the session cookie came from another site.'),
  registration_closed: forbidden('Nobody may register; an administrator makes accounts.'),

  // Requests.
  too_deep: badInput('The operation nests too deep.'),
  too_many_aliases: badInput('The operation has too many aliases.'),
  too_many_directives: badInput('The operation has too many directives.'),
  too_many_tokens: badInput('The document is too long.'),
  too_many_values: badInput('The variables have too many entries of lists, or keys; `fields` names where.'),
  too_expensive: badInput('The operation would cost more than one may; `cost` and `maxCost` say how much.'),
  reads_too_much: badInput('The lists that the operation selects have more rows together than one operation may read.'),
  answer_too_large: badInput('The answer would have more bytes than one may; `details.maxBytes` is how many.'),
  answers_under_way: {
    code: 'RATE_LIMITED',
    meaning: 'Too many bytes of answers are being made, or not read yet, for the person: those come first.',
  },
  subscription_over_http: badInput(
    'Subscriptions are served on the socket, `details.url`, or as server-sent events, `details.streamUrl`.',
  ),
  too_slow: {
    code: 'RATE_LIMITED',
    meaning: 'The stream was read too slowly; the client resumes after the last position that it has.',
  },
  too_many_subscriptions: badInput('The person has as many subscriptions open as one may; `details.max` is how many.'),
  malformed_multipart: badInput('The form is not one of the GraphQL multipart request specification.'),
  position_expired: badInput('The log no longer reaches back to the position; `details.oldest` is its beginning.'),
  position_unknown: badInput('The log has not come to the position yet; `details.newest` is its end.'),
  unknown_path: notFound('REST: there is no such path.'),
  'idempotency.mismatch': badInput('The idempotency key was used for another request.'),
  'idempotency.in_progress': conflict('The first request with this idempotency key is still under way.'),
  'idempotency.answer_lost': conflict('The first request with this idempotency key was done, its answer is lost.'),
  duplicate: conflict('Something else has this value already; `fields` names it.'),
  stale_version: conflict(
    'It has changed since the version that the update saw, to `details.version`; `details.changed` names the fields.',
  ),
  id_taken: conflict('The id that was given is that of something else, or of something in the trash.'),
  too_many: conflict('There are as many of `subject` as one may have, `details.limit`: one has to go first.'),

  // People, roles, what they sign in with.
  'user.another_password': forbidden("Another's password is set by `changePassword`, against a proof."),
  'user.self': forbidden('Oneself is erased by `deleteOwnAccount`, against a proof.'),
  'user.above': forbidden('The person may do more than the viewer.'),
  'user.last_admin': conflict('No administrator would be left.'),
  'user.password_changed': conflict('The password was changed meanwhile.'),
  'role.above': forbidden('The role allows more than the viewer may.'),
  'role.assigned': conflict('The person holds the role already.'),
  'role.system': conflict('A system role keeps its name, its permissions and its place.'),
  'role.unbounded': badInput('The role cannot be held for one document type only.'),
  'permission.above': forbidden('The permission allows more than the viewer may.'),
  'permission.granted': conflict('The role has the permission already.'),
  'permission.system': conflict('A permission of the system keeps its name and its place.'),
  'api_key.suspended': forbidden('Only an administrator lifts a suspension.'),
  'passkey.registered': conflict('The passkey is registered already.'),
  'passkey.last': conflict('The passkey is the only way in.'),
  'webauthn.registration': badInput('The passkey could not be registered; the ceremony has to begin anew.'),
  'second_factor.on': conflict('The second factor is on already.'),
  'second_factor.off': conflict('The second factor is not on.'),
  'second_factor.not_set_up': conflict('The second factor was not set up before.'),
  'second_factor.changed': conflict('The second factor was changed meanwhile.'),

  // Documents.
  'document.read_only': forbidden('The viewer sees the document and may not change it.'),
  'document.duplicate': conflict('The same file is filed already; `details.id` when the viewer may see it.'),
  'document.same_file': conflict('The document has this file already.'),
  'document.empty_file': badInput('The file is empty.'),
  'document.unsupported_type': {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    meaning: 'Files with such content are not taken, whatever they are called.',
  },
  'document.not_trashed': conflict('The document is not in the trash.'),
  'document.note_of_another': forbidden("A note is its author's."),
  'document_type.in_use': conflict('Documents are of this type.'),
  'custom_field.in_use': conflict('Documents have a value of the field: `details.count`. `force` deletes them too.'),
  'custom_field.choice_in_use': conflict('A choice that would go is used by documents.'),
  'saved_view.read_only': forbidden('The viewer sees the view and may not change it.'),
  'share_link.password': forbidden('The link asks for a password, or for another one.'),
  'recognition.not_installed': conflict('The server has no program that recognises text.'),

  // Files from the field.
  'media.link_ended': unauthenticated('The link has ended, or was not made here.'),
  'media.unsupported_type': {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    meaning: 'Files with such content are not taken from the field, whatever they are called.',
  },

  // Approval.
  'approval.not_submitted': conflict('The document was not submitted.'),
  'approval.decided': conflict('Somebody decided before; `details.status` says how.'),
  'approval.withdrawn': conflict('The document was taken out of approval.'),
  'approval.no_part': forbidden('The viewer takes no part in the approval.'),
  'approval.not_pending': forbidden('The document does not wait for a decision.'),
  'approval.no_role': forbidden('The viewer holds no approval role that is valid today.'),
  'approval.out_of_scope': forbidden('The approval role is for another type of document.'),
  'approval.level_too_low': forbidden('The document asks for a higher approval role.'),
  'approval.other_currency': forbidden('The approval role is for another currency.'),
  'approval.amount_too_high': forbidden('The amount is more than the viewer may approve.'),
  'approval.own_submission': forbidden('Nobody decides what they submitted or changed themselves.'),
  'delegation.revoked': conflict('The delegation has been ended.'),

  // Interventions.
  'intervention.transition': badInput('An intervention does not go from `details.from` to `details.to`.'),
  'intervention.kept': badInput('An intervention that is under way or validated is not deleted.'),

  // Planning.
  'appointment.overlap': conflict('It overlaps with `details.count` others of its technician or client.'),
  'appointment.ends_before_start': badInput('It ends before, or as, it begins.'),
  'appointment.kept': badInput('A confirmed or finished appointment is not deleted; it can be cancelled.'),
  'appointment.over': conflict('The appointment is over, cancelled or done.'),
  'calendar.too_many': badInput('There are more than `details.limit` between the two moments: ask for a shorter time.'),

  // Bank accounts.
  'account.insufficient_balance': badInput('A savings account would be overdrawn.'),
  'account.none_current': badInput('The person has no current account to write into.'),
  'account.in_use': conflict('The account has transactions, `details.transactions` of them.'),
  'account.read_only': forbidden('The account is shared with the viewer for reading only.'),
  'account.not_own': forbidden("The account is somebody else's."),
  'recurrence.stopped': conflict('The rule was stopped: another one takes its place.'),
  'category.global': forbidden('A global category is neither changed nor deleted.'),
  'category.not_own': forbidden("The category is somebody else's."),
  'transaction.in_transfer': conflict(
    'The transaction is a leg of a transfer, `details.transferId`, on which it is changed and with which it goes.',
  ),
  'transaction.reconciled': conflict(
    'The transaction is reconciled, by `details.reconciliationId`: its amount, day and account stay, and it cannot go.',
  ),
  'transaction.currency_changed': conflict('The account of the deleted transaction has another currency now.'),
  'transfer.leg_gone': conflict(
    'The account of a leg of the deleted transfer is gone: the other leg comes back by itself, as a transaction.',
  ),
  'statement.too_many_rows': badInput('The statement would have more than `details.limit` transactions.'),
  'reconciliation.difference': badInput(
    'Opening balance and reconciled transactions differ from the statement by `details.difference`.',
  ),
  'reconciliation.not_latest': conflict(
    'A later reconciliation of the account, `details.latestId`, stands on it, and has to be undone first.',
  ),
  'category.in_use': conflict('The category is in use, `details.uses` times.'),

  // Tasks.
  'task.running': conflict('A run of the task is under way.'),
  'task.kept': conflict('A task of the server or of a plugin is paused, not deleted.'),
  'task.plugin_away': conflict('The plugin `details.plugin` of the task is not active.'),
  'task.taken': conflict('Tasks with the ids `details.ids` belong to somebody else.'),

  // Files of banks.
  'import.no_header': badInput('No line of the table names a column for the day and one for the amount.'),
  'import.decimal_unclear': badInput('The amounts contradict each other on the sign before the decimals.'),
  'import.several_accounts': badInput('The file has bookings of several accounts.'),
  'categorization.too_slow': unavailable('The categorisation rules take too long over so many transactions.'),
  'categorization.rules_changed': conflict('The rules were changed while a file was taken in: it can be sent again.'),
  'import.too_many_rows': badInput('The file has more bookings than are taken at once.'),
  'import.line_errors': badInput('Lines of the file cannot be read; `fields` names them. Nothing was imported.'),

  // Invoices.
  'invoice.issued': badInput('An issued invoice is neither edited nor deleted: the remedy is a credit note.'),
  'invoice.for_others': forbidden('The viewer invoices in their own name only.'),
  'invoice.credited': conflict('Nothing of the invoice is left to credit.'),
  'invoice.not_drawn': unavailable(
    'The PDF takes too long to draw, or the invoice to check, or more memory than there is for it.',
  ),
  'invoice.nothing_due': conflict('Nothing is due on the invoice, so nobody is reminded of it.'),
  'invoice.reminded_today': conflict('The customer was reminded today; one reminder a day is enough.'),
  'invoice.settled_in_part': badInput(
    'An invoice with payments or credit notes is not cancelled: the rest is credited.',
  ),
  'payment.not_own': forbidden('The payment was recorded by somebody else.'),
  'payment.received': conflict('Payments came in by the transaction: it keeps as much, in their currency.'),
  'credit_note.origin': badInput('Only an issued invoice is credited: no draft, no cancelled one, no credit note.'),
  'invoice.not_own': forbidden("The invoice is somebody else's."),

  // Fieldwork.
  'client.not_trashed': conflict('The client is not in the trash.'),
  'client.anonymized': conflict('What named the client is gone for good, and is not put back.'),

  // Reports.
  'report.kept': badInput('A validated or archived report is neither changed nor deleted.'),
  'report.transition': badInput('The report does not go from `details.from` to `details.to`.'),
  'report.in_progress': conflict('The file of the report is being made: it is changed before or afterwards.'),
  'report.too_many_rows': badInput('The list would have more than `details.limit` reports.'),

  // Webhooks.
  'webhook.inactive': conflict('The webhook is switched off: nothing is sent to it.'),
  'webhook.replay_running': conflict('A replay of the webhook is under way: it has to end first.'),
  'webhook.unreadable': conflict('The body of the delivery could not be made, and cannot be made any more.'),

  // Integrations.
  'integration.not_own': forbidden("Only the integration's owner says where its events go."),
  'integration.inactive': conflict('The integration is switched off: nothing is sent to it.'),
  'integration.unavailable': conflict('The server cannot connect to programs of this kind: the integration is kept.'),

  // Files.
  'search.prefixes': badInput('The search has too many beginnings of words, or one that is too short.'),
  'search.busy': { code: 'RATE_LIMITED', meaning: 'Many searches of the person wait already.' },
  'search.too_slow': unavailable('The search took longer than it may: longer words, or fewer, help.'),
  'database.unreachable': unavailable('The database does not answer, or has no connection left: 503 over HTTP.'),
  'files.no_space': unavailable('There is no room left on the disk, or hardly any: 507 over HTTP.'),
  'files.unreachable': unavailable('What keeps the files does not answer.'),

  // Plugins.
  'plugin.source': badInput('Nothing could be had from the source, or it is not as it must be: `details.reason`.'),
  'plugin.changed_meanwhile': conflict('Plugins were changed by others at the same time, again and again.'),
  'plugin.unavailable': conflict('This process runs no plugins yet.'),
  'plugin.dependencies': conflict('Plugins that it needs are not active in these versions: `details.missing`.'),
  'plugin.needed': conflict('Active plugins need it, or this version of it: `details.by`.'),
  'plugin.clash': conflict('Something of it is there already; `details.reasons` names all.'),
  'plugin.invalid': badInput('What it brings cannot be served; `details.reasons` names all.'),
  'plugin.broken': badInput('It does not start; `details.reason` says why.'),
  'plugin.grants_needed': conflict('The version asks for more, `details.added`: `grants` has to say what it gets.'),
  'plugin.same_version': conflict('This very package is installed.'),
  'plugin.no_former_version': conflict('No such former version of the plugin is kept.'),
  'plugin.failed': unavailable('The plugin failed, took too long, or is being replaced; `details.plugin` names it.'),
} as const satisfies Record<string, Reason>;

export type ErrorReason = keyof typeof errorReasons;

export const isReason = (value: unknown): value is ErrorReason =>
  typeof value === 'string' && Object.hasOwn(errorReasons, value);

/** The reasons that may come with a code. */
export type ReasonOf<C extends ErrorCode> = {
  [R in ErrorReason]: (typeof errorReasons)[R]['code'] extends C ? R : never;
}[ErrorReason];
