"""What other apps ask of notify."""

from apps.notify.core.messages import Content, Lane, Message
from apps.notify.selectors.audiences import Audience
from apps.notify.services.telling import tell, tell_by, tell_each

__all__ = ["Audience", "Content", "Lane", "Message", "tell", "tell_by", "tell_each"]
