import { french } from '../engine/words.js';

/** The messages of K-Docs. */
export const kdocsWords = french({
  notFound: {
    Document: 'Document non trouvé',
    Tag: 'Tag non trouvé',
    Correspondent: 'Correspondant non trouvé',
    DocumentType: 'Type de document non trouvé',
    User: 'Utilisateur non trouvé',
    RoleAssignment: "Cet utilisateur n'a pas ce rôle",
    Notification: 'Notification non trouvée',
    DocumentVersion: 'Version non trouvée',
    DocumentNote: 'Note non trouvée',
    CustomField: 'Champ personnalisé non trouvé',
    SavedView: 'Vue non trouvée',
    ShareLink: 'Lien non trouvé ou expiré',
  },
  reasons: {
    'document.duplicate': ({ id, trashed }) =>
      trashed === true ? `Ce fichier existe déjà : document ${id}, dans la corbeille` : 'Ce fichier existe déjà',
    duplicate: ({ id, trashed }) =>
      trashed === true
        ? `Cette valeur existe déjà : document ${id}, dans la corbeille`
        : `Cette valeur existe déjà${id === undefined ? '' : ` : document ${id}`}`,
    'document.unsupported_type': "Ce type de fichier n'est pas accepté",
    'document.empty_file': 'Le fichier est vide',
    'document.not_trashed': "Le document n'est pas dans la corbeille",
    'document.read_only': 'Vous ne pouvez pas modifier ce document',
    'approval.not_submitted': "Ce document n'a pas été soumis à validation",
    'approval.decided': 'Ce document a déjà été validé ou rejeté',
    'approval.withdrawn': 'Ce document a été retiré de la validation',
    'approval.not_pending': "Ce document n'est pas en attente de validation",
    'approval.no_part': 'Vous ne participez pas à la validation de ce document',
    'approval.no_role': "Vous n'avez pas de rôle de validation valable aujourd'hui",
    'approval.out_of_scope': 'Votre rôle de validation concerne un autre type de document',
    'approval.level_too_low': 'Ce document demande un rôle de validation supérieur',
    'approval.other_currency': 'Votre rôle de validation concerne une autre devise',
    'approval.amount_too_high': 'Le montant dépasse votre plafond de validation',
    'approval.own_submission': 'Nul ne valide ce que soi-même a soumis ou modifié',
    'document.note_of_another': 'Seul son auteur, ou qui peut modifier le document, supprime une note',
    'recognition.not_installed': "La reconnaissance de texte n'est pas installée sur le serveur",
    'document.same_file': 'Le document contient déjà ce fichier',
    'custom_field.choice_in_use': 'Un choix à retirer est utilisé par des documents',
    'custom_field.in_use': ({ count }) =>
      `Ce champ est renseigné dans ${count} document(s) ; force=true supprime aussi ces valeurs`,
    'saved_view.read_only': 'Vous ne pouvez pas modifier cette vue',
    'share_link.password': 'Mot de passe requis ou incorrect',
    'document_type.in_use': 'Ce type est utilisé par des documents',
    'role.unbounded': 'Ce rôle ne se limite pas à un type de document : la portée doit être *',
    'role.above': 'Ce rôle permet plus que vous ne pouvez',
    'user.last_admin': "C'est le dernier administrateur actif",
    bad_credentials: 'Identifiant ou mot de passe incorrect',
    two_factor_required: 'Code de double authentification requis, erroné ou déjà utilisé',
    session_needed: 'Cette action demande une session',
  },
});
