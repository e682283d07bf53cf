import type { Notices } from '../../kernel/notice.js';

/** Whoever asked for a run is told how it ended. What the clock began is for alerts: `alertAfterSeconds`. */
export const taskNotices: Notices = {
  'task.completed': ({ subjectId, data }) => ({
    type: 'task_completed',
    recipients: [data.startedById],
    title: 'Tâche terminée',
    message: `La tâche ${data.name} s'est terminée`,
    link: `/taches/${subjectId}`,
  }),
  'task.failed': ({ subjectId, data }) => ({
    type: 'task_completed',
    recipients: [data.startedById],
    title: 'Échec de la tâche',
    message: `La tâche ${data.name} a échoué`,
    link: `/taches/${subjectId}`,
  }),
};
