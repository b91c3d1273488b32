interface IconProps {
  className?: string;
}

function stroke(path: string, mirrored = false) {
  return ({ className = '' }: IconProps) => (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${mirrored ? 'rtl:-scale-x-100' : ''} ${className}`}
    >
      <path d={path} />
    </svg>
  );
}

export const BackIcon = stroke('M15 5l-7 7 7 7', true);
export const PlusIcon = stroke('M12 5v14M5 12h14');
export const SendIcon = stroke('M4 12l16-8-5 16-3.500-6.500zM11.500 13.500L20 4', true);
export const DownIcon = stroke('M6 9l6 6 6-6');
export const CloseIcon = stroke('M6 6l12 12M18 6L6 18');
export const MenuIcon = stroke('M4 7h16M4 12h16M4 17h10');
export const PeopleIcon = stroke(
  'M9 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2.500 20a6.500 6.500 0 0113 0M16 4.500a3.500 3.500 0 010 6.200M18.500 14.200A6.500 6.500 0 0121.500 20',
);
export const NotesIcon = stroke('M7 4h10a1 1 0 011 1v15l-6-4-6 4V5a1 1 0 011-1z');
export const CloudOffIcon = stroke('M3 3l18 18M9 6a6 6 0 018.500 4.500A4 4 0 0120 17M6.500 8.500A5 5 0 006 18h11');
export const LogOutIcon = stroke('M14 4h4a1 1 0 011 1v14a1 1 0 01-1 1h-4M10 16l-4-4 4-4M6 12h9', true);
export const EyeIcon = stroke(
  'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 14.500a2.500 2.500 0 100-5 2.500 2.500 0 000 5z',
);
export const LockIcon = stroke('M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 017 0v3');
export const ClockIcon = stroke('M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3 2');
export const AlertIcon = stroke('M12 21a9 9 0 100-18 9 9 0 000 18zM12 7.500V13M12 16.200v.1');
export const TickIcon = stroke('M5 12.500l4.500 4.500L19 7.500');
export const TwoTicksIcon = stroke('M2 12.500l4.500 4.500L15.500 7.500M12 16.500l.5.5L22 7.500');
