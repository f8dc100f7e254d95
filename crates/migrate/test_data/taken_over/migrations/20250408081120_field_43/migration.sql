-- AlterTable
ALTER TABLE "Thing6" ADD COLUMN     "b" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "c" TEXT NOT NULL DEFAULT 'it''s "quoted"';
