import { french } from '../words.js';

/** K-Docs speaks French. */
export const kdocsWords = french({
  notFound: {
    Document: 'Document non trouvé',
    Tag: 'Tag non trouvé',
    Correspondent: 'Correspondant non trouvé',
    DocumentType: 'Type de document non trouvé',
    Notification: 'Notification non trouvée',
  },
  reasons: {
    duplicate_document: 'Ce fichier existe déjà',
    duplicate: 'Cette valeur existe déjà',
    'document.unsupported_type': "Ce type de fichier n'est pas accepté",
    'document.empty_file': 'Le fichier est vide',
    'document.not_trashed': "Le document n'est pas dans la corbeille",
    'document.read_only': 'Vous ne pouvez pas modifier ce document',
    'document_type.in_use': 'Ce type est utilisé par des documents',
    bad_credentials: 'Identifiant ou mot de passe incorrect',
    session_needed: 'Cette action demande une session',
  },
});
