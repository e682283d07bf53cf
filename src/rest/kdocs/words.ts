import { french } from '../words.js';

/** K-Docs speaks French. */
export const kdocsWords = french({
  notFound: {
    Document: 'Document non trouvé',
    Tag: 'Tag non trouvé',
    Correspondent: 'Correspondant non trouvé',
    DocumentType: 'Type de document non trouvé',
  },
  reasons: {
    duplicate_document: 'Ce fichier existe déjà',
    duplicate: 'Cette valeur existe déjà',
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
    'document_type.in_use': 'Ce type est utilisé par des documents',
    bad_credentials: 'Identifiant ou mot de passe incorrect',
    session_needed: 'Cette action demande une session',
  },
});
