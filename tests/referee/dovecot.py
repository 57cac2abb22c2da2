"""Dovecot for tests: started with a configuration, folders and ports of its own on 127.0.0.1, its
mail read by an ordinary user, stopped by its process number."""

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

from listening import Missing, tool

USER, PASSWORD = "bob", "ketchup"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = pop3 imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 apop
auth_realms = localhost
auth_failure_delay = 0
default_internal_user = {inner}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = {uid}
mail_location = maildir:~/Maildir
mailbox_list_index = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service pop3-login {{
  {chroot}
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
  {chroot}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    """False: the process has ended, or nobody listens within five seconds."""
    for _ in range(100):
        if process.poll() is not None:
            return False
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


class Dovecot:
    """The server; use it in a with statement. 'messages' (octets) are Bob's new mail, in order."""

    def __init__(self, messages=()):
        program = tool("dovecot")
        self.folder = tempfile.mkdtemp(prefix="mailwalk-dovecot-")
        self.mail = os.path.join(self.folder, "mail")
        self.pop3, self.imap = free_port(), free_port()
        self.owner = pwd.getpwnam("dovecot" if os.getuid() == 0 else getpass.getuser())
        self.fill(messages)
        self.process = subprocess.Popen([program, "-F", "-c", self.configure()],
                                        stderr=subprocess.PIPE, text=True)
        if not wait_for(self.pop3, self.process) or not wait_for(self.imap, self.process):
            self.process.terminate()
            said = self.process.communicate()[1].strip()[:200]
            shutil.rmtree(self.folder, ignore_errors=True)
            raise Missing(f"dovecot does not start: {said}")

    def fill(self, messages):
        for name in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(self.mail, "Maildir", name))
        for number, octets in enumerate(messages, 1):
            path = os.path.join(self.mail, "Maildir", "new", f"{number}.x.h")
            with open(path, "wb") as file:
                file.write(octets)
        with open(os.path.join(self.folder, "users"), "w", encoding="ascii") as file:
            # with DIGEST-MD5 it looks for the name together with the realm
            file.write(f"{USER}:{{PLAIN}}{PASSWORD}\n{USER}@localhost:{{PLAIN}}{PASSWORD}\n")

    def configure(self):
        is_root = os.getuid() == 0
        path = os.path.join(self.folder, "dovecot.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                folder=self.folder, mail=self.mail, pop3=self.pop3, imap=self.imap,
                inner=self.owner.pw_name, group=grp.getgrgid(self.owner.pw_gid).gr_name,
                login="dovenull" if is_root else self.owner.pw_name, uid=self.owner.pw_uid,
                gid=self.owner.pw_gid, chroot="" if is_root else "chroot ="))
        for place, folders, files in os.walk(self.folder):
            for name in [place] + [os.path.join(place, other) for other in folders + files]:
                os.chmod(name, 0o755 if os.path.isdir(name) else 0o644)
                if is_root and name.startswith(self.mail):
                    os.chown(name, self.owner.pw_uid, self.owner.pw_gid)
        return path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)
