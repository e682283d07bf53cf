/** Apollo Server on Express with type-graphql and MikroORM's `em.find` and `populate`, as their manuals show them. */
import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import { Collection, type FilterQuery, type Ref, raw, wrap } from '@mikro-orm/core';
import { Entity, Filter, ManyToMany, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import express from 'express';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  buildSchemaSync,
  registerEnumType,
} from 'type-graphql';

interface Viewer {
  userId: number;
  readsAll: boolean;
}
interface Context {
  em: EntityManager;
  viewer: Viewer;
}

enum DocumentOrder {
  CREATED_AT_DESC = 'CREATED_AT_DESC',
  DOCUMENT_DATE_DESC = 'DOCUMENT_DATE_DESC',
}
registerEnumType(DocumentOrder, { name: 'DocumentOrder' });

@ObjectType()
@Entity({ tableName: 'correspondents' })
class Correspondent {
  @Field(() => ID) @PrimaryKey({ type: 'integer' }) id!: number;
  @Field(() => String) @Property({ type: 'text' }) name!: string;
}

@ObjectType()
@Entity({ tableName: 'document_types' })
class DocumentType {
  @Field(() => ID) @PrimaryKey({ type: 'integer' }) id!: number;
  @Field(() => String) @Property({ type: 'text' }) code!: string;
  @Field(() => String) @Property({ type: 'text' }) label!: string;
}

@ObjectType()
@Entity({ tableName: 'tags' })
class Tag {
  @Field(() => ID) @PrimaryKey({ type: 'integer' }) id!: number;
  @Field(() => String) @Property({ type: 'text' }) name!: string;
  @Field(() => String) @Property({ type: 'text' }) color!: string;
}

const known = ({ userId, readsAll }: Viewer): FilterQuery<User> =>
  readsAll
    ? {}
    : {
        [raw(
          (u) => `(${u}.id = ? or exists (select from document_shares s join documents o on o.id = s.document_id
          where (o.owner_id = ? and s.user_id = ${u}.id) or (s.user_id = ? and o.owner_id = ${u}.id)))`,
          [userId, userId, userId],
        )]: [],
      };
const visible = ({ userId, readsAll }: Viewer): FilterQuery<Document> => ({
  deletedAt: null,
  ...(!readsAll && {
    [raw(
      (d) => `(${d}.owner_id = ? or ${d}.id = any (array(select document_id from document_shares where user_id = ?)))`,
      [userId, userId],
    )]: [],
  }),
});

@ObjectType()
@Entity({ tableName: 'users' })
@Filter({ name: 'known', cond: (args) => known(args['viewer'] as Viewer) })
class User {
  @Field(() => ID) @PrimaryKey({ type: 'integer' }) id!: number;
  @Field(() => String) @Property({ type: 'text' }) fullName!: string;
}

@ObjectType()
@Entity({ tableName: 'approvals' })
class Approval {
  @Field(() => ID) @PrimaryKey({ type: 'integer' }) id!: number;
  @Property({ type: 'text' }) status!: string;
  @Field(() => Int, { nullable: true }) @Property({ type: 'integer', nullable: true }) level?: number | null;
  @Property({ type: 'timestamptz' }) submittedAt!: Date;
  @Property({ type: 'timestamptz', nullable: true }) decidedAt?: Date | null;
  @OneToMany({ entity: () => ApprovalStep, mappedBy: 'approval', orderBy: { id: 'desc' } }) history =
    new Collection<ApprovalStep>(this);
}

@ObjectType()
@Entity({ tableName: 'approval_history' })
class ApprovalStep {
  @Field(() => ID) @PrimaryKey({ type: 'integer' }) id!: number;
  @ManyToOne({ entity: () => Approval, ref: true }) approval!: Ref<Approval>;
  @Property({ type: 'text' }) action!: string;
  @Property({ type: 'timestamptz' }) createdAt!: Date;
  @ManyToOne({ entity: () => User, ref: true, nullable: true }) performedBy?: Ref<User> | null;
}

@ObjectType()
@Entity({ tableName: 'documents' })
class Document {
  @Field(() => ID) @PrimaryKey({ type: 'integer' }) id!: number;
  @Field(() => String) @Property({ type: 'text' }) title!: string;
  @Field(() => String) @Property({ type: 'text' }) filename!: string;
  @Field(() => String) @Property({ type: 'text' }) mimeType!: string;
  @Property({ type: 'bigint', fieldName: 'file_size' }) sizeBytes!: string;
  @Field(() => String, { nullable: true }) @Property({ type: 'date', nullable: true }) documentDate?: string | null;
  @Property({ type: 'decimal', nullable: true }) amount?: string | null;
  @Field(() => String, { nullable: true }) @Property({ type: 'text', nullable: true }) currency?: string | null;
  @Property({ type: 'timestamptz' }) createdAt!: Date;
  @Property({ type: 'timestamptz', onUpdate: () => new Date() }) updatedAt!: Date;
  @Property({ type: 'timestamptz', nullable: true }) deletedAt?: Date | null;
  @Property({ type: 'integer' }) ownerId!: number;
  @ManyToOne({ entity: () => DocumentType, ref: true, nullable: true, fieldName: 'document_type_id' })
  type?: Ref<DocumentType> | null;
  @ManyToOne({ entity: () => Correspondent, ref: true, nullable: true }) correspondent?: Ref<Correspondent> | null;
  @ManyToOne({ entity: () => Approval, ref: true, nullable: true, fieldName: 'id', persist: false })
  approval?: Ref<Approval> | null;
  @ManyToMany({
    entity: () => Tag,
    pivotTable: 'document_tags',
    joinColumn: 'document_id',
    inverseJoinColumn: 'tag_id',
    orderBy: { id: 'asc' },
  })
  tags = new Collection<Tag>(this);
}

@Entity({ tableName: 'bench.events' })
class StoredEvent {
  @PrimaryKey({ type: 'bigint' }) id!: string;
  @Property({ type: 'text' }) type!: string;
  @Property({ type: 'text' }) subjectType!: string;
  @Property({ type: 'text' }) subjectId!: string;
  @Property({ type: 'integer' }) actorId!: number;
  @Property({ type: 'jsonb' }) data!: object;
}

@InputType()
class DocumentFilter {
  @Field(() => ID, { nullable: true }) typeId?: string;
  @Field(() => ID, { nullable: true }) correspondentId?: string;
}

@InputType()
class UpdateDocumentInput {
  @Field(() => ID) id!: string;
  @Field(() => String) title!: string;
  @Field(() => String) documentDate!: string;
}

@ObjectType()
class DocumentPayload {
  @Field(() => Document) document!: Document;
}

@ObjectType()
class DocumentConnection {
  @Field(() => [Document]) nodes!: Document[];
  filter?: FilterQuery<Document>;
}

const populate = ['type', 'correspondent', 'tags', 'approval.history.performedBy'] as const;
const options = (viewer: Viewer) => ({ populate, strategy: 'select-in', filters: { known: { viewer } } }) as const;
const loaded = <T extends object>(reference: Ref<T> | null | undefined): T | null =>
  reference && wrap(reference).isInitialized() ? (reference.unwrap() as T) : null;

@Resolver(() => Document)
class DocumentResolver {
  @Query(() => DocumentConnection)
  async documents(
    @Arg('first', () => Int) first: number,
    @Arg('orderBy', () => DocumentOrder, { defaultValue: DocumentOrder.CREATED_AT_DESC }) orderBy: DocumentOrder,
    @Arg('filter', () => DocumentFilter, { nullable: true }) asked: DocumentFilter | undefined,
    @Ctx() { em, viewer }: Context,
  ): Promise<DocumentConnection> {
    const filter: FilterQuery<Document> = {
      $and: [
        visible(viewer),
        {
          ...(asked?.typeId && { type: Number(asked.typeId) }),
          ...(asked?.correspondentId && { correspondent: Number(asked.correspondentId) }),
        },
      ],
    };
    const order =
      orderBy === DocumentOrder.DOCUMENT_DATE_DESC
        ? ({ documentDate: 'desc', id: 'desc' } as const)
        : ({ createdAt: 'desc', id: 'desc' } as const);
    return { nodes: await em.find(Document, filter, { ...options(viewer), limit: first, orderBy: order }), filter };
  }

  @Query(() => Document, { nullable: true })
  document(@Arg('id', () => ID) id: string, @Ctx() { em, viewer }: Context): Promise<Document | null> {
    return em.findOne(Document, { $and: [visible(viewer), { id: Number(id) }] }, options(viewer));
  }

  @Mutation(() => DocumentPayload)
  async updateDocument(
    @Arg('input', () => UpdateDocumentInput) { id, title, documentDate }: UpdateDocumentInput,
    @Ctx() { em, viewer }: Context,
  ): Promise<DocumentPayload> {
    const document = await em.transactional(async (transaction) => {
      const found = await transaction.findOne(
        Document,
        { $and: [visible(viewer), { id: Number(id) }] },
        { lockMode: 4 },
      );
      if (found?.ownerId !== viewer.userId) throw new Error('Only the owner may change it');
      Object.assign(found, { title, documentDate });
      transaction.create(StoredEvent, {
        type: 'document.updated',
        subjectType: 'Document',
        subjectId: id,
        actorId: viewer.userId,
        data: { title, fields: ['title', 'documentDate'] },
      } as never);
      return found;
    });
    await em.populate(document, populate, options(viewer));
    return { document };
  }

  @FieldResolver(() => Float) sizeBytes(@Root() { sizeBytes }: Document): number {
    return Number(sizeBytes);
  }
  @FieldResolver(() => Float, { nullable: true }) amount(@Root() { amount }: Document): number | null {
    return amount == null ? null : Number(amount);
  }
  @FieldResolver(() => String) createdAt(@Root() { createdAt }: Document): string {
    return createdAt.toISOString();
  }
  @FieldResolver(() => Correspondent, { nullable: true }) correspondent(
    @Root() { correspondent }: Document,
  ): Correspondent | null {
    return loaded(correspondent);
  }
  @FieldResolver(() => DocumentType, { nullable: true }) type(@Root() { type }: Document): DocumentType | null {
    return loaded(type);
  }
  @FieldResolver(() => [Tag]) tags(@Root() { tags }: Document): Tag[] {
    return tags.getItems();
  }
  @FieldResolver(() => Approval, { nullable: true }) approval(@Root() { approval }: Document): Approval | null {
    return loaded(approval);
  }
}

@Resolver(() => DocumentConnection)
class DocumentConnectionResolver {
  @FieldResolver(() => Int) totalCount(
    @Root() { filter }: DocumentConnection,
    @Ctx() { em }: Context,
  ): Promise<number> {
    return em.count(Document, filter as FilterQuery<Document>);
  }
}

@Resolver(() => Approval)
class ApprovalResolver {
  @FieldResolver(() => String) status(@Root() { status }: Approval): string {
    return status.toUpperCase();
  }
  @FieldResolver(() => String) submittedAt(@Root() { submittedAt }: Approval): string {
    return submittedAt.toISOString();
  }
  @FieldResolver(() => String, { nullable: true }) decidedAt(@Root() { decidedAt }: Approval): string | null {
    return decidedAt?.toISOString() ?? null;
  }
  @FieldResolver(() => [ApprovalStep]) history(@Root() { history }: Approval): ApprovalStep[] {
    return history.getItems();
  }
}

@Resolver(() => ApprovalStep)
class ApprovalStepResolver {
  @FieldResolver(() => String) action(@Root() { action }: ApprovalStep): string {
    return action.toUpperCase();
  }
  @FieldResolver(() => String) createdAt(@Root() { createdAt }: ApprovalStep): string {
    return createdAt.toISOString();
  }
  @FieldResolver(() => User, { nullable: true }) performedBy(@Root() { performedBy }: ApprovalStep): User | null {
    return loaded(performedBy);
  }
}

const orm = await MikroORM.init({
  entities: [Correspondent, DocumentType, Tag, User, Approval, ApprovalStep, Document, StoredEvent],
  clientUrl: process.env['DATABASE_URL'] as string,
  pool: { min: 0, max: Number(process.env['POOL_SIZE']), idleTimeoutMillis: 3_600_000 },
});
const schema = buildSchemaSync({
  resolvers: [DocumentResolver, DocumentConnectionResolver, ApprovalResolver, ApprovalStepResolver],
  validate: false,
});
const server = new ApolloServer<Context>({ schema });
await server.start();
const app = express();
app.get('/health', (_request, response) => void response.json({ status: 'ok' }));
const context = async ({ req }: { req: express.Request }): Promise<Context> => ({
  em: orm.em.fork() as EntityManager,
  viewer: { userId: Number(req.headers['x-user-id']), readsAll: req.headers['x-reads-all'] === '1' },
});
app.use('/graphql', express.json(), expressMiddleware(server, { context }));
app.listen(Number(process.env['PORT']), '127.0.0.1');
