import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { CalendarFile } from '../calendar/calendar.types.js';
import { answerVisit } from './answer-visit.js';
import { createCustomerLink } from './create-customer-link.js';
import {
  AnswerCustomerVisitInput,
  CreateCustomerLinkInput,
  CustomerLinkPayload,
  CustomerVisit,
  CustomerVisitPayload,
} from './customer-link.types.js';
import { customerVisitFile, findCustomerVisit } from './open-customer-link.js';

@Resolver(() => CustomerVisit)
export class CustomerLinkResolver {
  @Query(() => CustomerVisit, {
    description: 'The visit that a client’s link leads to, for whoever has its secret. NOT_FOUND once it has ended.',
  })
  customerVisit(
    @Ctx() ctx: Context,
    @Arg('token', () => String, { description: 'The secret of the link.' }) token: string,
  ): Promise<CustomerVisit> {
    return findCustomerVisit(ctx, token);
  }

  @FieldResolver(() => CalendarFile, { description: 'The visit for the client’s own calendar.' })
  calendarFile(@Root() { token }: CustomerVisit, @Ctx() ctx: Context): Promise<CalendarFile> {
    return customerVisitFile(ctx, token);
  }

  @Mutation(() => CustomerLinkPayload, {
    description:
      'Makes a link with which the client of an appointment confirms it or asks for another time; at most 20 hold ' +
      'at a time. It ends when the appointment is over, cancelled or deleted. Needs `appointments:write`.',
  })
  async createCustomerLink(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateCustomerLinkInput, { description: 'The appointment.' }) input: CreateCustomerLinkInput,
  ): Promise<CustomerLinkPayload> {
    const { secret, expiresAt } = await createCustomerLink(ctx, input);
    return { url: ctx.services.links.url('customerVisit', { token: secret }), expiresAt };
  }

  @Mutation(() => CustomerVisitPayload, {
    description:
      'The client confirms the visit or asks for another time, for whoever has the secret of the link. The ' +
      'appointment stays where it is until the firm moves it.',
  })
  async answerCustomerVisit(
    @Ctx() ctx: Context,
    @Arg('input', () => AnswerCustomerVisitInput, { description: 'The link and the answer.' })
    input: AnswerCustomerVisitInput,
  ): Promise<CustomerVisitPayload> {
    await answerVisit(ctx, input);
    return { customerVisit: await findCustomerVisit(ctx, input.token) };
  }
}
