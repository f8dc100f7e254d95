-- CreateTable
CREATE TABLE "Thing3" (
    "id" BIGSERIAL NOT NULL,
    "a" TEXT NOT NULL DEFAULT 'it''s "quoted"',

    CONSTRAINT "Thing3_pkey" PRIMARY KEY ("id")
);
