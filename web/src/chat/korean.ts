/** 상담 화면의 한국어. */
import type { chat as english } from '@/chat/english';

export const chat: typeof english = {
  title: '시청에 묻기',
  lead: '민원 신고, 주차, 차량 호출, 궁금한 점까지 편하게 말씀하세요.',
  log: '대화',
  you: '나',
  assistant: '상담 도우미',
  staff: '시청 직원',
  write: '메시지를 입력하세요',
  send: '보내기',
  photo: '사진 보내기',
  photoSent: '사진',
  here: '지금 여기예요',
  mapPlace: '지도에서 고른 곳',
  placeSent: (label: string) => `위치: ${label}`,
  choices: '고를 수 있는 답',
  start: '인사하기',
  thinking: '답변을 쓰고 있습니다…',
  away: '연결이 끊겼습니다. 쓰신 내용은 다시 연결되면 바로 보냅니다.',
  sending: '보내는 중',
  restart: '처음부터 다시',
  person: '상담원과 이야기하기',
  more: '더 보기',
};
