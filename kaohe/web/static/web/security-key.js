/* Talks to a security key: forms marked data-security-key="add" or "use", by allauth's scripts. */
document.addEventListener("DOMContentLoaded", function () {
  var form = document.querySelector("form[data-security-key]");
  if (!form || !window.PublicKeyCredential || !window.allauth) return;
  form.hidden = false;
  var ids = { credential: form.querySelector("[name=credential]").id, data: "js_data" };
  if (form.dataset.securityKey === "add") {
    ids.add = "key-button";
    window.allauth.webauthn.forms.addForm({ ids: ids });
  } else {
    ids.authenticate = "key-button";
    window.allauth.webauthn.forms.authenticateForm({ ids: ids });
  }
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    form.querySelector(".err").hidden = false;
  });
});
