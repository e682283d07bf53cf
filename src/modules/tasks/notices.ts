import type { Notices } from '../../kernel/notice.js';

/** Whoever asked for a run is told how it ended. What the clock began is for alerts: `alertAfterSeconds`. */
export const taskNotices: Notices = {
  'task.completed': ({ subjectId, data }) => ({
    type: 'task_completed',
    recipients: [data.startedById],
    fr: { title: 'Tâche terminée', message: `La tâche ${data.name} s'est terminée` },
    en: { title: 'Task finished', message: `The task ${data.name} has finished` },
    link: `/taches/${subjectId}`,
  }),
  'task.failed': ({ subjectId, data }) => ({
    type: 'task_completed',
    recipients: [data.startedById],
    fr: { title: 'Échec de la tâche', message: `La tâche ${data.name} a échoué` },
    en: { title: 'Task failed', message: `The task ${data.name} has failed` },
    link: `/taches/${subjectId}`,
  }),
};
