# The page with the secret edit link, and the list of events stored in the browser
created-done = Já está no ar
created-title = Encontro publicado!
created-lead = Guarde o link secreto abaixo agora: é a única forma de editar ou apagar este encontro. Não há conta nem senha para recuperá-lo.
secret-title = Link secreto do encontro
secret-label = Link secreto de edição
secret-warning = Este não é o link para divulgar. Quem o tiver pode editar e apagar o encontro.
copy-link = Copiar link secreto
copied = Copiado!
download-link = Baixar como .txt
next-steps-title = E agora?
repeat-title = Vai ter outro?
repeat-detail = Abra o formulário com tudo preenchido: só falta a nova data.
publish-again = Publicar outro igual
edit-later-title = Algo mudou?
edit-later-detail = Corrija, adie ou cancele quando quiser. Neste navegador, o acesso dura 30 dias; depois, use o link secreto.
remember-label = Lembrar deste encontro neste navegador
remember-hint = Só o título e o número ficam guardados aqui; o link secreto, não. Assim você o reencontra na página inicial.
my-events-title = Meus encontros neste navegador
my-events-forget = Esquecer
my-events-hint = Guardados só neste navegador: títulos e números, sem o link secreto.
my-events-forget-all = Esquecer todos e não guardar mais
mail-to-self = Enviar para o meu e-mail
open-edit = Editar agora
public-label = Link público, para divulgar
copy-public-link = Copiar link público
mail-subject = Link de edição: { $title }
mail-body = Encontro: { $title }
    Link secreto de edição (não compartilhe): { $edit }
    Link público, para divulgar: { $public }

# The page that asks for confirmation before deleting
delete-title = Apagar este encontro?
delete-detail = Ele some da lista e das buscas para todo mundo, e o link secreto deixa de valer.
delete-cancel-hint = Se o encontro não vai acontecer, mude a situação para “Cancelado”: assim quem já o viu fica sabendo.
delete-button = Sim, apagar
delete-cancel = Não, manter
