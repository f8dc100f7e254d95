-- AlterTable
ALTER TABLE "Thing7" ADD COLUMN     "b" BIGINT,
ADD COLUMN     "c" UUID;
