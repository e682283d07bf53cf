import type { Module } from '../../kernel/module.js';
import { ApprovalDelegation } from './approval-delegation.entity.js';
import { ApprovalDelegationResolver } from './approval-delegation.resolver.js';
import {
  ApprovalFieldsResolver,
  ApprovalStepFieldsResolver,
  DocumentDecisionResolver,
  PendingApprovalsOfUserResolver,
} from './approval-fields.resolver.js';
import { approvalHooks } from './approval-hooks.js';
import { ApprovalRule } from './approval-rule.entity.js';
import { ApprovalRuleResolver } from './approval-rule.resolver.js';
import { ApprovalStep } from './approval-step.entity.js';
import { Approval } from './approval.entity.js';
import { approvalLoaders } from './approval.loaders.js';
import { approvalDelegationReads, approvalReads, approvalRuleReads, approvalStepReads } from './approval.reads.js';
import { ApprovalResolver } from './approval.resolver.js';
import { fillApprovalsDemo } from './demo.js';
import { approvalEvents } from './events.js';
import { approvalJobs } from './jobs.js';
import { approvalNotices } from './notices.js';
import { approvalPersonalData } from './personal-data.js';

export const approvalsModule: Module = {
  name: 'approvals',
  demo: fillApprovalsDemo,
  entities: [Approval, ApprovalStep, ApprovalRule, ApprovalDelegation],
  reads: [approvalReads, approvalStepReads, approvalRuleReads, approvalDelegationReads],
  resolvers: [
    ApprovalResolver,
    ApprovalFieldsResolver,
    ApprovalStepFieldsResolver,
    DocumentDecisionResolver,
    PendingApprovalsOfUserResolver,
    ApprovalRuleResolver,
    ApprovalDelegationResolver,
  ],
  loaders: approvalLoaders,
  events: approvalEvents,
  notices: approvalNotices,
  hooks: approvalHooks,
  jobs: approvalJobs,
  personalData: approvalPersonalData,
};
