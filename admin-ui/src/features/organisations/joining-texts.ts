/** Words of coming to an organisation and going: invitations, leaving, removing. */
import { dictionary } from '../../i18n/dictionary.ts';

export const joiningTexts = dictionary('organisation-joining', {
  it: {
    remove: 'Togli dall’organizzazione',
    removeLead:
      'Chi viene tolto non vede più le domande dell’organizzazione. Quelle che ha preparato restano qui; il suo account e le sue domande personali restano suoi.',
    removeTitle: (name: string) => `Togliere ${name} dall’organizzazione?`,
    removeText:
      'Perde subito l’accesso alle domande dell’organizzazione e riceve una e-mail. Una lista di invio già scaricata resta valida fino alla scadenza.',
    withdrawLead: 'Se l’invito non serve più, puoi ritirarlo.',
    withdrawText: 'Il link o l’invito non vale più.',
    wasRemoved: 'Non fa più parte dell’organizzazione.',
    leaveOnPage: 'Per andartene usa «Lascia l’organizzazione» nella pagina dell’organizzazione.',
    leave: 'Lascia l’organizzazione',
    leaveLead:
      'Le domande preparate per l’organizzazione restano all’organizzazione. Il tuo account e le tue domande personali restano tuoi.',
    leaveTitle: (name: string) => `Lasciare ${name}?`,
    leaveText:
      'Non vedrai più le domande dell’organizzazione. Gli amministratori ricevono una e-mail. Per tornare serve un nuovo invito.',
    hasLeft: (name: string) => `Non fai più parte di ${name}.`,
    invitesYou: (name: string) => `${name} ti invita`,
    answerBy: (when: string) => `Rispondi entro il ${when}.`,
    joinText:
      'Se accetti, lavori alle domande dell’organizzazione con questo account. Le tue domande personali restano solo tue: le trovi nell’elenco con «Le mie personali».',
    accept: 'Accetta l’invito',
    joined: (name: string) => `Ora fai parte di ${name}.`,
    decline: 'Rifiuta',
    declineTitle: (name: string) => `Rifiutare l’invito di ${name}?`,
    declineText: 'Per cambiare idea servirà un nuovo invito.',
    wasDeclined: (name: string) => `Invito di ${name} rifiutato.`,
    personal: 'Le mie personali',
  },
  en: {
    remove: 'Remove from the organisation',
    removeLead:
      'Whoever is removed no longer sees the organisation’s applications. Those they prepared stay here; their account and their personal applications stay theirs.',
    removeTitle: (name) => `Remove ${name} from the organisation?`,
    removeText:
      'They lose access to the organisation’s applications at once and get an e-mail. A sending list fetched before stays valid until it expires.',
    withdrawLead: 'If the invitation is no longer needed, you can withdraw it.',
    withdrawText: 'The link or the invitation is no longer valid.',
    wasRemoved: 'They no longer belong to the organisation.',
    leaveOnPage: 'To go, use “Leave the organisation” on the page of the organisation.',
    leave: 'Leave the organisation',
    leaveLead:
      'Applications prepared for the organisation stay with it. Your account and your personal applications stay yours.',
    leaveTitle: (name) => `Leave ${name}?`,
    leaveText:
      'You will no longer see the organisation’s applications. Its administrators get an e-mail. To come back you need a new invitation.',
    hasLeft: (name) => `You no longer belong to ${name}.`,
    invitesYou: (name) => `${name} invites you`,
    answerBy: (when) => `Answer by ${when}.`,
    joinText:
      'If you accept, you work on the organisation’s applications with this account. Your personal applications stay yours alone: you find them in the list under “My personal ones”.',
    accept: 'Accept the invitation',
    joined: (name) => `You belong to ${name} now.`,
    decline: 'Decline',
    declineTitle: (name) => `Decline the invitation of ${name}?`,
    declineText: 'To change your mind you will need a new invitation.',
    wasDeclined: (name) => `Invitation of ${name} declined.`,
    personal: 'My personal ones',
  },
});
