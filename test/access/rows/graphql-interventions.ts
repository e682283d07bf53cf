import { makePng } from '../../support/files.js';
import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, type Stage, text } from '../row.js';

const read = { who: ['interventions:read', 'clients:read'], expect: cells.grantedRead } as const;
const write = {
  who: ['interventions:write', 'interventions:read', 'clients:read'],
  otherWho: 'lecteur',
  expect: cells.grantedWrite,
} as const;

/** The input of a change to an intervention that is made for it. */
const toIntervention = (changes: (stage: Stage) => object = () => ({})) =>
  input(async (stage) => ({ id: (await stage.make.intervention(stage.right)).id, ...changes(stage) }));
const inIntervention = (changes: object) =>
  input(async ({ right, make }) => ({ interventionId: (await make.intervention(right)).id, ...changes }));

export const interventionQueryRows: Record<string, GraphqlRow> = {
  intervention: {
    ...read,
    document: byId('intervention', 'description client { interventions(first: 1) { nodes { id } } }'),
    variables: ({ right, make }) => make.intervention(right),
    shows: text('description'),
  },
  interventions: {
    ...read,
    document:
      'query ($description: String) { interventions(filter: { search: $description }) { nodes { description } } }',
    variables: ({ right, make }) => make.intervention(right),
    shows: text('description'),
  },
  maintenanceContract: {
    ...read,
    document: byId('maintenanceContract', 'title visitTime visits(first: 1) { nodes { id } }'),
    variables: ({ right, make }) => make.maintenanceContract(right),
    shows: text('title'),
  },
  maintenanceContracts: {
    ...read,
    document: 'query ($clientId: ID) { maintenanceContracts(filter: { clientId: $clientId }) { nodes { title } } }',
    variables: ({ right, make }) => make.maintenanceContract(right),
    shows: text('title'),
  },
  interventionStatistics: { ...read, document: '{ interventionStatistics { total } }' },
};

export const interventionMutationRows: Record<string, GraphqlRow> = {
  createIntervention: {
    ...write,
    document: change('createIntervention', 'CreateInterventionInput', 'intervention { id }'),
    variables: input(async ({ right, make }) => ({
      clientId: (await make.client(right)).id,
      scheduledAt: '2026-02-03T10:00:00Z',
      kind: 'REPAIR',
    })),
  },
  updateIntervention: {
    ...write,
    document: change('updateIntervention', 'UpdateInterventionInput', 'intervention { id }'),
    variables: toIntervention(() => ({ location: unique('Cave') })),
  },
  changeInterventionStatus: {
    ...write,
    document: change('changeInterventionStatus', 'ChangeInterventionStatusInput', 'intervention { id }'),
    variables: toIntervention(() => ({ status: 'IN_PROGRESS' })),
  },
  signIntervention: {
    ...write,
    document: change('signIntervention', 'SignInterventionInput', 'intervention { id }'),
    variables: toIntervention(() => ({
      name: 'Mme Dupont',
      image: new File([new Uint8Array(makePng({ widthPx: 8, grey: 9 }))], 'a.png'),
    })),
  },
  deleteIntervention: {
    ...write,
    document: change('deleteIntervention', 'DeleteInterventionInput', 'deletedId'),
    variables: toIntervention(),
  },
  createChecklistItems: {
    ...write,
    document: change('createChecklistItems', 'CreateChecklistItemsInput', 'checklistItems { id }'),
    variables: inIntervention({ items: [{ label: 'Sonder' }] }),
  },
  updateChecklistItem: {
    ...write,
    document: change('updateChecklistItem', 'UpdateChecklistItemInput', 'checklistItem { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.checklistItem(right)).id, isDone: true })),
  },
  deleteChecklistItem: {
    ...write,
    document: change('deleteChecklistItem', 'DeleteChecklistItemInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.checklistItem(right)).id })),
  },
  createWorkEntry: {
    ...write,
    document: change('createWorkEntry', 'CreateWorkEntryInput', 'workEntry { id }'),
    variables: inIntervention({ workDate: '2026-02-03', minutes: 30 }),
  },
  updateWorkEntry: {
    ...write,
    document: change('updateWorkEntry', 'UpdateWorkEntryInput', 'workEntry { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.workEntry(right)).id, minutes: 45 })),
  },
  deleteWorkEntry: {
    ...write,
    document: change('deleteWorkEntry', 'DeleteWorkEntryInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.workEntry(right)).id })),
  },
  createUsedPart: {
    ...write,
    document: change('createUsedPart', 'CreateUsedPartInput', 'usedPart { id }'),
    variables: inIntervention({ label: 'Raccord', quantity: 2 }),
  },
  updateUsedPart: {
    ...write,
    document: change('updateUsedPart', 'UpdateUsedPartInput', 'usedPart { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.usedPart(right)).id, quantity: 3 })),
  },
  deleteUsedPart: {
    ...write,
    document: change('deleteUsedPart', 'DeleteUsedPartInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.usedPart(right)).id })),
  },
  createInspection: {
    ...write,
    document: change('createInspection', 'CreateInspectionInput', 'inspection { id }'),
    variables: inIntervention({ result: 'Fuite' }),
  },
  updateInspection: {
    ...write,
    document: change('updateInspection', 'UpdateInspectionInput', 'inspection { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.inspection(right)).id, result: unique('Fuite') })),
  },
  deleteInspection: {
    ...write,
    document: change('deleteInspection', 'DeleteInspectionInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.inspection(right)).id })),
  },
  createMaintenanceContract: {
    ...write,
    document: change('createMaintenanceContract', 'CreateMaintenanceContractInput', 'maintenanceContract { id }'),
    variables: input(async ({ right, make }) => ({
      clientId: (await make.client(right)).id,
      title: unique('Entretien'),
      kind: 'MAINTENANCE',
      frequency: 'YEARLY',
      startDate: '2026-02-03',
      visitTime: '09:00',
      visitMinutes: 60,
    })),
  },
  updateMaintenanceContract: {
    ...write,
    document: change('updateMaintenanceContract', 'UpdateMaintenanceContractInput', 'maintenanceContract { id }'),
    variables: input(async ({ right, make }) => ({
      id: (await make.maintenanceContract(right)).id,
      location: unique('Cave'),
    })),
  },
  deleteMaintenanceContract: {
    ...write,
    document: change('deleteMaintenanceContract', 'DeleteMaintenanceContractInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.maintenanceContract(right)).id })),
  },
};
