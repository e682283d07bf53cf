import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Returns what breaks the convention, by its name in the schema. */
type Breaches = (schema: GraphQLSchema) => string[];

const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const mutationsOf = (schema: GraphQLSchema) => Object.values(schema.getMutationType()?.getFields() ?? {});

/** Without an id: what they change is named otherwise. */
const namedOtherwise: ReadonlySet<string> = new Set([
  // The viewer, against a proof.
  'deleteOwnAccount',
  // The viewer's own, by a required type.
  'updateNotificationPreference',
]);
const changes =
  /^(activate|deactivate|delete|disable|purge|regenerateApi|remove|replace|restore|revoke|trash|un|update)/;

/** What holds for the whole graph, so that a new field cannot break it: each by what it says of a schema. */
export const conventions: Readonly<Record<string, Breaches>> = {
  'an error at a root field costs that field only: none is non-null': (schema) =>
    [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
      Object.values(root?.getFields() ?? {})
        .filter(({ type }) => isNonNullType(type))
        .map(({ name }) => `${root?.name}.${name}`),
    ),

  'a mutation takes one `input: <Name>Input!`, or nothing, and returns its own `<Name>Payload`': (schema) =>
    mutationsOf(schema)
      .filter(({ name, args, type }) => {
        const takes = args.map((arg) => `${arg.name}: ${arg.type}`).join(', ');
        const isOwn = takes === '' || takes === `input: ${upperFirst(name)}Input!`;
        return !isOwn || String(type) !== `${upperFirst(name)}Payload`;
      })
      .map(({ name }) => name),

  // What creates, by a file too, may take an id of the client's own making.
  'a mutation that changes or deletes takes the id of what, and no id of it can be left out': (schema) =>
    mutationsOf(schema)
      .filter(({ name, args }) => {
        const input = args[0] && (getNamedType(args[0].type) as GraphQLInputObjectType);
        const ids = Object.values(input?.getFields() ?? {}).filter((field) => /^ids?$|Id$/.test(field.name));
        const canBeLeftOut =
          !/^(?:create|upload|generate)/.test(name) &&
          ids.some((field) => /^ids?$/.test(field.name) && !isNonNullType(field.type));
        const isUnnamed = changes.test(name) && args.length > 0 && !ids.some(({ type }) => isNonNullType(type));
        return canBeLeftOut || (isUnnamed && !namedOtherwise.has(name));
      })
      .map(({ name }) => name),

  'a mutation that deletes says what is gone, to people and to caches': (schema) =>
    mutationsOf(schema)
      .map(({ type }) => getNamedType(type) as GraphQLObjectType)
      .filter((payload) => {
        const { deletedId, deletedNodeId, deletedIds, deletedNodeIds } = payload.getFields();
        const isDeletion = /^(Delete|Purge)/.test(payload.name);
        return (isDeletion && !deletedId) || !deletedId !== !deletedNodeId || !deletedIds !== !deletedNodeIds;
      })
      .map(({ name }) => name),

  'a closed set is an enum: no text is a kind, a state or a list of words': (schema) =>
    placesOf(schema)
      .filter(({ name, type, description }) => {
        if (String(getNamedType(type)) !== 'String' || openSets.has(name)) return false;
        const last = /\.(\w+)\)?$/.exec(name)?.[1] ?? '';
        return (closedNames.test(last) && !openNames.test(last)) || wordList.test(description ?? '');
      })
      .map(({ name }) => name),

  'counts and bytes are whole numbers: a Float is what has a fraction': (schema) =>
    placesOf(schema)
      .filter(({ name, type }) => String(getNamedType(type)) === 'Float' && !fractions.has(name))
      .map(({ name }) => name),

  'people are users: an account is a bank account, `accountId` the id of one': (schema) =>
    typesOf(schema)
      .flatMap((type) => [
        type.name,
        ...fieldsOf(type).flatMap((field) => {
          const isOne = String(getNamedType(field.type)) === (/Ids?$/.test(field.name) ? 'ID' : 'BankAccount');
          return isOne && /account(Ids?)?$/i.test(field.name) ? [] : [`${type.name}.${field.name}`];
        }),
      ])
      .filter((name) => /account/i.test(name.replaceAll(/bankAccount|accountShare|deleteOwnAccount/gi, ''))),
};

const closedNames = /(^|[a-z])(type|kind|status|state|step|action|scopes?|reason|priority|code|level)s?$/i;
/** A description that lists its words: `` `a`, `b` or `c` ``. */
const wordList = /`\w+`(, `\w+`)* (or|and) `\w+`|`\w+`: .*; `\w+`:/;

/** What is called like a closed set and is none. */
const openNames = /^(mimeType|postalCode|qrCode|recoveryCodes)$/;
const openSets: ReadonlySet<string> = new Set([
  // Types of the graph, those of plugins included.
  'AuditEvent.subjectType',
  'AuditedEvent.subjectType',
  // Names that plugins add to.
  'Task.action',
  'TaskFilter.action',
  'CreateTaskInput.action',
  'UpdateTaskInput.action',
  'PluginContribution.actions',
  'AuditSubjectFilter.type',
  // People make document types and permissions; a role is held for a document type.
  'DocumentType.code',
  'DocumentTypeFilter.code',
  'CreateDocumentTypeInput.code',
  'UpdateDocumentTypeInput.code',
  'Permission.action',
  'CreatePermissionInput.action',
  'UpdatePermissionInput.action',
  'RoleAssignment.scope',
  'AssignRoleInput.scope',
  'RemoveRoleInput.scope',
  // Of an authenticator app.
  'LoginInput.code',
  'ConfirmSecondFactorInput.code',
  'DisableSecondFactorInput.code',
  'RegenerateRecoveryCodesInput.code',
  'DeleteOwnAccountInput.code',
  'ChangePasswordInput.code',
  // In words; and as in `extensions.reason` of an error.
  'IngestEvent.reason',
  'ErasureRemainder.reason',
  'UploadProblem.reason',
  'Plugin.reason',
  'PluginEvent.reason',
  'PluginEvent.step',
  'TaskLogLine.level',
  'Invoice.reason',
  'CreateCreditNoteInput.reason',
]);

/** Of a search: how well something fits, and how long it took. */
const fractions: ReadonlySet<string> = new Set([
  'OpenSubscription.lagSeconds',
  'DocumentSearchEdge.score',
  'DocumentSearchConnection.seconds',
  // Metres, as telephones tell them.
  ...['UploadMediumInput', 'UpdateMediumInput'].flatMap((type) => [`${type}.gpsAccuracy`, `${type}.altitude`]),
]);

interface Place {
  /** `Type.field` or `Type.field(argument.name)`. */
  name: string;
  type: GraphQLType;
  description: string | null | undefined;
}

/** Every field, input field and argument. */
const placesOf = (schema: GraphQLSchema): Place[] =>
  typesOf(schema).flatMap((type) =>
    fieldsOf(type).flatMap((field) => [
      { name: `${type.name}.${field.name}`, type: field.type, description: field.description },
      ...(('args' in field ? field.args : []) as readonly GraphQLArgument[]).map((arg) => ({
        name: `${type.name}.${field.name}(.${arg.name})`,
        type: arg.type,
        description: arg.description,
      })),
    ]),
  );

const typesOf = (schema: GraphQLSchema): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));

const fieldsOf = (type: GraphQLNamedType) =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
