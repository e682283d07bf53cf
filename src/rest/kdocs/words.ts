import { french } from '../words.js';

/** K-Docs speaks French. */
export const kdocsWords = french({
  notFound: {
    Document: 'Document non trouvé',
    Tag: 'Tag non trouvé',
    Correspondent: 'Correspondant non trouvé',
    DocumentType: 'Type de document non trouvé',
    DocumentVersion: 'Version non trouvée',
    CustomField: 'Champ personnalisé non trouvé',
    SavedView: 'Vue non trouvée',
    ShareLink: 'Lien non trouvé ou expiré',
  },
  reasons: {
    duplicate_document: 'Ce fichier existe déjà',
    duplicate: 'Cette valeur existe déjà',
    'document.unsupported_type': "Ce type de fichier n'est pas accepté",
    'document.empty_file': 'Le fichier est vide',
    'document.not_trashed': "Le document n'est pas dans la corbeille",
    'document.read_only': 'Vous ne pouvez pas modifier ce document',
    'document.same_file': 'Le document contient déjà ce fichier',
    'custom_field.choice_in_use': 'Un choix à retirer est utilisé par des documents',
    'saved_view.read_only': 'Vous ne pouvez pas modifier cette vue',
    'share_link.password': 'Mot de passe requis ou incorrect',
    'document_type.in_use': 'Ce type est utilisé par des documents',
    bad_credentials: 'Identifiant ou mot de passe incorrect',
    session_needed: 'Cette action demande une session',
  },
});
