import type { Module } from '../../kernel/module.js';
import { followIntoTrash, onClient } from '../clients/fieldwork-hooks.js';
import { ChecklistItem } from './checklist/checklist-item.entity.js';
import { checklistItemReads } from './checklist/checklist-item.reads.js';
import { ChecklistItemResolver } from './checklist/checklist-item.resolver.js';
import { MaintenanceContractEventResolver } from './contracts/maintenance-contract-event.resolver.js';
import { MaintenanceContract } from './contracts/maintenance-contract.entity.js';
import { maintenanceContractReads } from './contracts/maintenance-contract.reads.js';
import { ClientContractsResolver, MaintenanceContractResolver } from './contracts/maintenance-contract.resolver.js';
import { fillInterventionsDemo } from './demo.js';
import { interventionEvents } from './events.js';
import { Inspection } from './inspections/inspection.entity.js';
import { inspectionReads } from './inspections/inspection.reads.js';
import { InspectionResolver } from './inspections/inspection.resolver.js';
import { InterventionEventResolver } from './intervention-event.resolver.js';
import { ClientInterventionsResolver, InterventionFieldsResolver } from './intervention-fields.resolver.js';
import { InterventionStatisticsResolver } from './intervention-statistics.resolver.js';
import { InterventionStatusChange } from './intervention-status-change.entity.js';
import { InterventionTechnician } from './intervention-technician.entity.js';
import { Intervention } from './intervention.entity.js';
import { interventionLoaders } from './intervention.loaders.js';
import { mayHearOfIntervention } from './intervention.policy.js';
import { interventionReads, interventionStatusChangeReads, interventionTechnicianReads } from './intervention.reads.js';
import { InterventionResolver } from './intervention.resolver.js';
import { interventionJobs } from './jobs.js';
import { interventionNotices } from './notices.js';
import { interventionPersonalData } from './personal-data.js';
import { purgeInterventions } from './purge-interventions.js';
import { SignatureResolver } from './signature/signature.resolver.js';
import { UsedPart } from './work/used-part.entity.js';
import { WorkEntry } from './work/work-entry.entity.js';
import { usedPartReads, workEntryReads } from './work/work.reads.js';
import { UsedPartResolver, WorkEntryResolver } from './work/work.resolver.js';

export const interventionsModule: Module = {
  name: 'interventions',
  demo: fillInterventionsDemo,
  entities: [
    Intervention,
    InterventionTechnician,
    InterventionStatusChange,
    ChecklistItem,
    WorkEntry,
    UsedPart,
    Inspection,
    MaintenanceContract,
  ],
  reads: [
    interventionReads,
    interventionStatusChangeReads,
    interventionTechnicianReads,
    checklistItemReads,
    workEntryReads,
    usedPartReads,
    inspectionReads,
    maintenanceContractReads,
  ],
  resolvers: [
    InterventionResolver,
    InterventionFieldsResolver,
    InterventionStatisticsResolver,
    InterventionEventResolver,
    ClientInterventionsResolver,
    ChecklistItemResolver,
    WorkEntryResolver,
    UsedPartResolver,
    InspectionResolver,
    SignatureResolver,
    MaintenanceContractResolver,
    MaintenanceContractEventResolver,
    ClientContractsResolver,
  ],
  loaders: interventionLoaders,
  events: interventionEvents,
  notices: interventionNotices,
  jobs: interventionJobs,
  emptyTrash: purgeInterventions,
  hears: { Intervention: mayHearOfIntervention, MaintenanceContract: mayHearOfIntervention },
  hooks: followIntoTrash({ interventions: onClient, maintenance_contracts: onClient }),
  personalData: interventionPersonalData,
  files: [{ query: 'select signature_key as key, null as sha256 from interventions where signature_key is not null' }],
};
