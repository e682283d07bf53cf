import { defineWords } from '../i18n/words';
import { en } from './words-en';
import { fr } from './words-fr';

export const words = defineWords('people', en, fr);
